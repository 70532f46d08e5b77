package dev.latente.nn;

import dev.latente.tensor.Tensor;

/// A layer of CLIP's transformers: each token looks at others, then thinks for itself.
///
/// Names follow the transformers checkpoint (`CLIPEncoderLayer`).
///
/// @param causal whether a token sees only those before it, as in a text
public record ClipLayer(
    LayerNorm layerNorm1,
    Linear qProj,
    Linear kProj,
    Linear vProj,
    Linear outProj,
    LayerNorm layerNorm2,
    Linear fc1,
    Linear fc2,
    ClipActivation activation,
    int heads,
    boolean causal) {

  /// The sizes of a layer.
  ///
  /// @param width of the tokens' vectors
  /// @param inner width inside the feed-forward part
  /// @param heads of the attention
  /// @param epsilon added to each variance of the norms
  public record Sizes(int width, int inner, int heads, ClipActivation activation, double epsilon) {}

  /// The layer of `weights`.
  public static ClipLayer of(Weights weights, Sizes sizes, boolean causal) {
    int width = sizes.width();
    Weights attention = weights.at("self_attn");
    return new ClipLayer(
        LayerNorm.of(weights.at("layer_norm1"), width, sizes.epsilon()),
        Linear.of(attention.at("q_proj"), width, width),
        Linear.of(attention.at("k_proj"), width, width),
        Linear.of(attention.at("v_proj"), width, width),
        Linear.of(attention.at("out_proj"), width, width),
        LayerNorm.of(weights.at("layer_norm2"), width, sizes.epsilon()),
        Linear.of(weights.at("mlp.fc1"), width, sizes.inner()),
        Linear.of(weights.at("mlp.fc2"), sizes.inner(), width),
        sizes.activation(),
        sizes.heads(),
        causal);
  }

  /// `[N, L, D]` to the same shape.
  public Tensor forward(Tensor x) {
    Tensor h = x.plus(attend(layerNorm1.forward(x)));
    return h.plus(fc2.forward(activation.of(fc1.forward(layerNorm2.forward(h)))));
  }

  private Tensor attend(Tensor x) {
    Tensor h =
        split(qProj.forward(x))
            .attention(
                split(kProj.forward(x)), split(vProj.forward(x)), causal); // [N, heads, L, d]
    return outProj.forward(h.transpose(1, 2).reshape(x.shape()));
  }

  private Tensor split(Tensor x) {
    return x.reshape(x.size(0), x.size(1), heads, -1).transpose(1, 2);
  }
}
