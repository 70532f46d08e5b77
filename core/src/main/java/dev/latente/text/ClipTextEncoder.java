package dev.latente.text;

import dev.latente.nn.ClipLayer;
import dev.latente.nn.Embedding;
import dev.latente.nn.Init;
import dev.latente.nn.LayerNorm;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
  private final List<ClipLayer> layers;
  private final LayerNorm finalLayerNorm;
  private final Optional<Linear> textProjection;
  private final Optional<Tensor> learned; // [K, D]

  /// A prompt as SDXL takes it.
  ///
  /// @param hidden one vector for each token, `[N, L, D]`
  /// @param pooled one for the whole text, `[N, P]`
  public record Pooled(Tensor hidden, Tensor pooled) {}

  private ClipTextEncoder(Weights root, ClipTextConfig config) {
    this.config = config;
    Weights weights = root.at("text_model");
    Weights embeddings = weights.at("embeddings");
    int width = config.hiddenSize();
    Init init = Init.normal(EMBEDDING_DEVIATION);
    tokenEmbedding =
        Embedding.of(embeddings.at("token_embedding"), config.vocabSize(), width, init);
    positionEmbedding =
        Embedding.of(
            embeddings.at("position_embedding"), config.maxPositionEmbeddings(), width, init);
    ClipLayer.Sizes sizes =
        new ClipLayer.Sizes(
            width,
            config.intermediateSize(),
            config.numAttentionHeads(),
            config.hiddenAct(),
            config.layerNormEps());
    layers = new ArrayList<>();
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      layers.add(ClipLayer.of(weights.at("encoder.layers").at(i), sizes, true));
    }
    finalLayerNorm = LayerNorm.of(weights.at("final_layer_norm"), width, config.layerNormEps());
    textProjection =
        config.withProjection()
            ? Optional.of(
                Linear.withoutBias(root.at("text_projection"), width, config.projectionDim()))
            : Optional.empty();
    learned = Optional.empty();
  }

  private ClipTextEncoder(ClipTextEncoder other, Tensor learned) {
    this.config = other.config;
    this.tokenEmbedding = other.tokenEmbedding;
    this.positionEmbedding = other.positionEmbedding;
    this.layers = other.layers;
    this.finalLayerNorm = other.finalLayerNorm;
    this.textProjection = other.textProjection;
    this.learned = Optional.of(learned);
  }

  /// The same encoder, which also knows the tokens after its vocabulary: the rows of `vectors` `[K,
  /// D]`, which must live as long as it is used.
  public ClipTextEncoder withLearned(Tensor vectors) {
    if (vectors.size(1) != config.hiddenSize()) {
      throw new IllegalArgumentException(
          "learned vectors must be %d wide: %d".formatted(config.hiddenSize(), vectors.size(1)));
    }
    return new ClipTextEncoder(this, vectors);
  }

  /// Builds the encoder of `config` from `weights`: those under `text_model`, and `text_projection`
  /// if it has one.
  public static ClipTextEncoder of(Weights weights, ClipTextConfig config) {
    return new ClipTextEncoder(weights, config);
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
    return finalLayerNorm.forward(hidden(ids, skipped));
  }

  /// The hidden states after all but the last `skipped` layers, without the final norm.
  ///
  /// @param ids token ids `[N, L]`, `L` at most 77
  /// @return `[N, L, D]`
  public Tensor hidden(Tensor ids, int skipped) {
    return run(embed(ids), 0, layers.size() - required(skipped));
  }

  /// As [#hidden], and the text pooled after the last layer and the final norm: the vector of its
  /// end token, projected if the encoder has a projection.
  public Pooled pooled(Tensor ids, int skipped) {
    int kept = layers.size() - required(skipped);
    Tensor hidden = run(embed(ids), 0, kept);
    Tensor last = finalLayerNorm.forward(run(hidden, kept, layers.size())); // [N, L, D]
    Tensor ends =
        last.reshape(-1, config.hiddenSize()).select(0, ends(ids).to(last.device())); // [N, D]
    return new Pooled(hidden, textProjection.map(map -> map.forward(ends)).orElse(ends));
  }

  private int required(int skipped) {
    if (skipped < 0 || skipped >= layers.size()) {
      throw new IllegalArgumentException(
          "skipped layers must be 0 to %d: %d".formatted(layers.size() - 1, skipped));
    }
    return skipped;
  }

  private Tensor embed(Tensor ids) {
    return learned
        .map(vectors -> lookedUp(ids, vectors))
        .orElseGet(() -> tokenEmbedding.forward(ids))
        .plus(positionEmbedding.weight().slice(0, 0, ids.size(1))); // [N, L, D]
  }

  /// The embeddings of `ids`, some of which are rows of `vectors`.
  private Tensor lookedUp(Tensor ids, Tensor vectors) {
    long[] known = ids.toLongArray();
    long[] added = new long[known.length]; // 0: none
    float[] kept = new float[known.length];
    for (int i = 0; i < known.length; i++) {
      long row = known[i] - config.vocabSize();
      kept[i] = row < 0 ? 1 : 0;
      added[i] = Math.max(0, row + 1);
      known[i] = row < 0 ? known[i] : 0;
    }
    long[] shape = ids.shape();
    Tensor table = tokenEmbedding.forward(Tensor.of(known, shape).to(ids.device())); // [N, L, D]
    Tensor none = Tensor.full(0, 1, config.hiddenSize()).like(table);
    Tensor rows =
        Tensor.concat(0, none, vectors.like(table))
            .embedding(Tensor.of(added, shape).to(ids.device()));
    return table.times(Tensor.of(kept, shape[0], shape[1], 1).like(table)).plus(rows);
  }

  private Tensor run(Tensor x, int from, int to) {
    Tensor h = x;
    for (ClipLayer layer : layers.subList(from, to)) {
      h = layer.forward(h);
    }
    return h;
  }

  /// Where each text ends, counted through all N·L tokens: `[N]`.
  private Tensor ends(Tensor ids) {
    long[] tokens = ids.toLongArray();
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = tokens[i] < config.vocabSize() ? tokens[i] : 0; // a learned one ends nothing
    }
    int length = (int) ids.size(1);
    long[] ends = new long[tokens.length / length];
    for (int n = 0; n < ends.length; n++) {
      int start = n * length;
      ends[n] = start + end(Arrays.copyOfRange(tokens, start, start + length));
    }
    return Tensor.of(ends, ends.length);
  }

  private int end(long... text) {
    int wanted = config.eosTokenId();
    int end = 0;
    for (int i = 1; i < text.length; i++) {
      boolean better =
          wanted == ClipTextConfig.GREATEST_ID
              ? text[i] > text[end]
              : text[i] == wanted && text[end] != wanted;
      end = better ? i : end;
    }
    return end;
  }

  /// As [#forward(Tensor)], freeing all but the result; for use, not for training.
  public Tensor encode(Tensor ids) {
    return encode(ids, 0);
  }

  /// As [#forward(Tensor, int)], freeing all but the result.
  public Tensor encode(Tensor ids, int skipped) {
    return Scope.tidy(() -> forward(ids, skipped));
  }

  /// As [#hidden], freeing all but the result.
  public Tensor encodeHidden(Tensor ids, int skipped) {
    return Scope.tidy(() -> hidden(ids, skipped));
  }

  /// As [#pooled], freeing all but the result.
  public Pooled encodePooled(Tensor ids, int skipped) {
    Tensor[] both =
        Scope.tidyAll(() -> {
          Pooled made = pooled(ids, skipped);
          return new Tensor[] {made.hidden(), made.pooled()};
        });
    return new Pooled(both[0], both[1]);
  }
}
