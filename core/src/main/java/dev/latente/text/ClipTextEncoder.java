package dev.latente.text;

import dev.latente.nn.Embedding;
import dev.latente.nn.Init;
import dev.latente.nn.LayerNorm;
import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// CLIP's text transformer: token ids to hidden states that a U-Net attends to.
///
/// [Radford et al. (2021)](https://arxiv.org/abs/2103.00020), section 2.4. Names follow the
/// transformers checkpoint (`CLIPTextModel`).
public final class ClipTextEncoder {
  /// The standard deviation of fresh embeddings, as in the paper's code.
  private static final double EMBEDDING_DEVIATION = 0.02;

  private final ClipTextConfig config;
  private final Embedding tokenEmbedding;
  private final Embedding positionEmbedding;
  private final List<ClipLayer> layers = new ArrayList<>();
  private final LayerNorm finalLayerNorm;

  private ClipTextEncoder(Weights weights, ClipTextConfig config) {
    this.config = config;
    Weights embeddings = weights.at("embeddings");
    int width = config.hiddenSize();
    Init init = Init.normal(EMBEDDING_DEVIATION);
    tokenEmbedding =
        Embedding.of(embeddings.at("token_embedding"), config.vocabSize(), width, init);
    positionEmbedding =
        Embedding.of(
            embeddings.at("position_embedding"), config.maxPositionEmbeddings(), width, init);
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      layers.add(ClipLayer.of(weights.at("encoder.layers").at(i), config));
    }
    finalLayerNorm = LayerNorm.of(weights.at("final_layer_norm"), width, config.layerNormEps());
  }

  /// Builds the encoder of `config` from `weights`, which are those under `text_model`.
  public static ClipTextEncoder of(Weights weights, ClipTextConfig config) {
    return new ClipTextEncoder(weights.at("text_model"), config);
  }

  /// The sizes it was built with.
  public ClipTextConfig config() {
    return config;
  }

  /// The hidden states after the last layer and the final norm.
  ///
  /// @param ids token ids `[N, L]`, `L` at most 77
  /// @return `[N, L, D]`
  public Tensor forward(Tensor ids) {
    return forward(ids, 0);
  }

  /// The hidden states after all but the last `skipped` layers, and the final norm ("clip skip" is
  /// `skipped + 1`).
  public Tensor forward(Tensor ids, int skipped) {
    if (skipped < 0 || skipped >= layers.size()) {
      throw new IllegalArgumentException(
          "skipped layers must be 0 to %d: %d".formatted(layers.size() - 1, skipped));
    }
    Tensor x =
        tokenEmbedding
            .forward(ids)
            .plus(positionEmbedding.weight().slice(0, 0, ids.size(1))); // [N, L, D]
    for (ClipLayer layer : layers.subList(0, layers.size() - skipped)) {
      x = layer.forward(x);
    }
    return finalLayerNorm.forward(x);
  }

  /// As [#forward(Tensor)], freeing all but the result; for use, not for training.
  public Tensor encode(Tensor ids) {
    return Scope.tidy(() -> forward(ids));
  }
}
