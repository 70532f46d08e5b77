package dev.latente.vision;

import dev.latente.nn.ClipLayer;
import dev.latente.nn.Embedding;
import dev.latente.nn.Init;
import dev.latente.nn.LayerNorm;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// CLIP's vision transformer: a picture to one vector for each of its squares and one for all.
///
/// [Dosovitskiy et al. (2020)](https://arxiv.org/abs/2010.11929), section 3.1; [Radford et al.
/// (2021)](https://arxiv.org/abs/2103.00020), section 2.4. Names follow the transformers checkpoint
/// (`CLIPVisionModelWithProjection`), also its misspelt `pre_layrnorm`.
public final class ClipVisionEncoder {
  /// The standard deviation of fresh embeddings, as in the paper's code.
  private static final double EMBEDDING_DEVIATION = 0.02;

  private static final int COLOURS = 3;

  private final ClipVisionConfig config;
  private final Tensor classEmbedding;
  private final Tensor patchEmbedding;
  private final Embedding positionEmbedding;
  private final LayerNorm preNorm;
  private final List<ClipLayer> layers = new ArrayList<>();
  private final LayerNorm postNorm;
  private final Linear projection;

  private ClipVisionEncoder(Weights weights, Linear projection, ClipVisionConfig config) {
    this.config = config;
    int width = config.hiddenSize();
    int patch = config.patchSize();
    Init init = Init.normal(EMBEDDING_DEVIATION);
    Weights embeddings = weights.at("embeddings");
    classEmbedding = embeddings.tensor("class_embedding", init, width);
    patchEmbedding =
        embeddings.at("patch_embedding").tensor("weight", init, width, COLOURS, patch, patch);
    positionEmbedding =
        Embedding.of(embeddings.at("position_embedding"), config.tokens(), width, init);
    preNorm = LayerNorm.of(weights.at("pre_layrnorm"), width, config.layerNormEps());
    ClipLayer.Sizes sizes =
        new ClipLayer.Sizes(
            width,
            config.intermediateSize(),
            config.numAttentionHeads(),
            config.hiddenAct(),
            config.layerNormEps());
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      layers.add(ClipLayer.of(weights.at("encoder.layers").at(i), sizes, false));
    }
    postNorm = LayerNorm.of(weights.at("post_layernorm"), width, config.layerNormEps());
    this.projection = projection;
  }

  /// Builds the encoder of `config` from `weights`: those under `vision_model`, and
  /// `visual_projection`.
  public static ClipVisionEncoder of(Weights weights, ClipVisionConfig config) {
    Linear projection =
        Linear.withoutBias(
            weights.at("visual_projection"), config.hiddenSize(), config.projectionDim());
    return new ClipVisionEncoder(weights.at("vision_model"), projection, config);
  }

  /// The sizes it was built with.
  public ClipVisionConfig config() {
    return config;
  }

  /// The picture as one vector next to that of its caption: `[N, P]`.
  ///
  /// @param pixels normalised pictures `[N, 3, S, S]`, as [ClipImageProcessor] makes them
  public Tensor embed(Tensor pixels) {
    return Scope.tidy(() -> {
      Tensor last = run(embedded(pixels), layers.size()); // [N, T, D]
      Tensor whole = last.slice(1, 0, 1).reshape(-1, config.hiddenSize()); // [N, D]
      return projection.forward(postNorm.forward(whole));
    });
  }

  /// The hidden states after all but the last `skipped` layers, without the final norm: `[N, T,
  /// D]`.
  ///
  /// @param pixels normalised pictures `[N, 3, S, S]`
  public Tensor hidden(Tensor pixels, int skipped) {
    if (skipped < 0 || skipped > layers.size()) {
      throw new IllegalArgumentException(
          "skipped layers must be 0 to %d: %d".formatted(layers.size(), skipped));
    }
    return Scope.tidy(() -> run(embedded(pixels), layers.size() - skipped));
  }

  private Tensor embedded(Tensor pixels) {
    int patch = config.patchSize();
    int width = config.hiddenSize();
    long count = pixels.size(0);
    Tensor squares =
        pixels
            .like(patchEmbedding)
            .conv2d(patchEmbedding, Optional.empty(), patch, 0) // [N, D, s, s]
            .reshape(count, width, -1)
            .transpose(1, 2); // [N, s², D]
    Tensor whole = classEmbedding.reshape(1, 1, width).expand(count, 1, width);
    return preNorm.forward(
        Tensor.concat(1, whole, squares).plus(positionEmbedding.weight())); // [N, T, D]
  }

  private Tensor run(Tensor x, int count) {
    Tensor h = x;
    for (ClipLayer layer : layers.subList(0, count)) {
      h = layer.forward(h);
    }
    return h;
  }
}
