package dev.latente.unet;

import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.Fused;
import dev.latente.tensor.Tensor;

/// A transformer's feed-forward layer with a gated unit, GEGLU: [Shazeer
/// (2020)](https://arxiv.org/abs/2002.05202).
///
/// @param proj gives the values and their gates, `[2·4D, D]` (`ff.net.0.proj`)
/// @param out back to `D` features (`ff.net.2`)
record FeedForward(Linear proj, Linear out) {
  private static final int EXPANSION = 4;

  static FeedForward of(Weights weights, int features) {
    int inner = EXPANSION * features;
    return new FeedForward(
        Linear.of(weights.at("net.0.proj"), features, 2 * inner),
        Linear.of(weights.at("net.2"), inner, features));
  }

  /// `[N, L, D]` to `[N, L, D]`, plus `other` of the same shape.
  Tensor forwardPlus(Tensor x, Tensor other) {
    return out.forwardPlus(Fused.geglu(x, proj.weight(), proj.bias().orElseThrow()), other);
  }
}
