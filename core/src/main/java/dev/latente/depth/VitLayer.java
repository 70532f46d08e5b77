package dev.latente.depth;

import dev.latente.nn.Init;
import dev.latente.nn.Layer;
import dev.latente.nn.LayerNorm;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;

/// A layer of a vision transformer: patches look at each other, then each thinks for itself.
///
/// Names follow transformers' `Dinov2Layer`; Dosovitskiy et al. (2021),
/// <https://arxiv.org/abs/2010.11929>, equations 2 and 3.
record VitLayer(
    LayerNorm norm1,
    Linear query,
    Linear key,
    Linear value,
    Linear dense,
    Layer scale1,
    LayerNorm norm2,
    Layer mlp,
    Layer scale2,
    int heads) {
  /// A gated unit's width is this part of a plain one's, rounded up to a multiple of [#MULTIPLE].
  private static final double GATED = 2 / 3.0;

  private static final int MULTIPLE = 8;

  static VitLayer of(Weights weights, VitConfig config) {
    int width = config.hiddenSize();
    Weights attention = weights.at("attention.attention");
    return new VitLayer(
        LayerNorm.of(weights.at("norm1"), width, config.layerNormEps()),
        Linear.of(attention.at("query"), width, width),
        Linear.of(attention.at("key"), width, width),
        Linear.of(attention.at("value"), width, width),
        Linear.of(weights.at("attention.output.dense"), width, width),
        config.scaled() ? scale(weights.at("layer_scale1"), width) : Layer.IDENTITY,
        LayerNorm.of(weights.at("norm2"), width, config.layerNormEps()),
        config.gated() ? gated(weights.at("mlp"), config) : plain(weights.at("mlp"), config),
        config.scaled() ? scale(weights.at("layer_scale2"), width) : Layer.IDENTITY,
        config.heads());
  }

  private static Layer scale(Weights weights, int width) {
    Tensor lambda = weights.tensor("lambda1", Init.ONES, width);
    return x -> x.times(lambda);
  }

  private static Layer plain(Weights weights, VitConfig config) {
    int inner = config.intermediateSize();
    Linear fc1 = Linear.of(weights.at("fc1"), config.hiddenSize(), inner);
    Linear fc2 = Linear.of(weights.at("fc2"), inner, config.hiddenSize());
    return x -> fc2.forward(fc1.forward(x).gelu());
  }

  private static Layer gated(Weights weights, VitConfig config) {
    int part = (int) (config.intermediateSize() * GATED);
    int inner = (part + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
    Linear in = Linear.of(weights.at("weights_in"), config.hiddenSize(), 2 * inner);
    Linear out = Linear.of(weights.at("weights_out"), inner, config.hiddenSize());
    return x -> {
      Tensor[] parts = in.forward(x).chunk(2, -1);
      return out.forward(parts[0].silu().times(parts[1]));
    };
  }

  /// `[N, L, D]` to the same shape.
  Tensor forward(Tensor x) {
    Tensor h = norm1.forward(x);
    Tensor gathered =
        split(query.forward(h))
            .attention(split(key.forward(h)), split(value.forward(h)), false)
            .transpose(1, 2)
            .reshape(x.shape());
    h = x.plus(scale1.forward(dense.forward(gathered)));
    return h.plus(scale2.forward(mlp.forward(norm2.forward(h))));
  }

  private Tensor split(Tensor x) {
    return x.reshape(x.size(0), x.size(1), heads, -1).transpose(1, 2); // [N, heads, L, d]
  }
}
