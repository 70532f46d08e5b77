package dev.latente.text;

import dev.latente.nn.LayerNorm;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;

/// A layer of CLIP's text transformer: each token looks at those before it, then thinks for itself.
///
/// Names follow the transformers checkpoint (`CLIPEncoderLayer`).
record ClipLayer(
    LayerNorm layerNorm1,
    Linear qProj,
    Linear kProj,
    Linear vProj,
    Linear outProj,
    LayerNorm layerNorm2,
    Linear fc1,
    Linear fc2,
    ClipTextConfig.Activation activation,
    int heads) {
  private static final double QUICK_GELU_SLOPE = 1.702; // Hendrycks & Gimpel (2016), section 2

  static ClipLayer of(Weights weights, ClipTextConfig config) {
    int width = config.hiddenSize();
    Weights attention = weights.at("self_attn");
    return new ClipLayer(
        LayerNorm.of(weights.at("layer_norm1"), width, config.layerNormEps()),
        Linear.of(attention.at("q_proj"), width, width),
        Linear.of(attention.at("k_proj"), width, width),
        Linear.of(attention.at("v_proj"), width, width),
        Linear.of(attention.at("out_proj"), width, width),
        LayerNorm.of(weights.at("layer_norm2"), width, config.layerNormEps()),
        Linear.of(weights.at("mlp.fc1"), width, config.intermediateSize()),
        Linear.of(weights.at("mlp.fc2"), config.intermediateSize(), width),
        config.hiddenAct(),
        config.numAttentionHeads());
  }

  /// `[N, L, D]` to the same shape.
  Tensor forward(Tensor x) {
    Tensor h = x.plus(attend(layerNorm1.forward(x)));
    return h.plus(fc2.forward(activate(fc1.forward(layerNorm2.forward(h)))));
  }

  private Tensor attend(Tensor x) {
    Tensor h =
        split(qProj.forward(x))
            .attention(split(kProj.forward(x)), split(vProj.forward(x)), true); // [N, heads, L, d]
    return outProj.forward(h.transpose(1, 2).reshape(x.shape()));
  }

  private Tensor split(Tensor x) {
    return x.reshape(x.size(0), x.size(1), heads, -1).transpose(1, 2);
  }

  private Tensor activate(Tensor x) {
    return switch (activation) {
      case QUICK_GELU -> x.times(x.times(QUICK_GELU_SLOPE).sigmoid());
      case GELU -> x.gelu();
    };
  }
}
