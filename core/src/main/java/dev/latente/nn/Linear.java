package dev.latente.nn;

import dev.latente.tensor.Fused;
import dev.latente.tensor.Tensor;
import java.util.Optional;

/// A linear map of the last dimension.
///
/// @param weight `[out, in]`
/// @param bias `[out]`, if it has one
public record Linear(Tensor weight, Optional<Tensor> bias) implements Layer {
  /// A map with a bias.
  public static Linear of(Weights weights, int in, int out) {
    Init init = Init.fanIn(in);
    return new Linear(
        weights.matrix("weight", init, out, in), Optional.of(weights.tensor("bias", init, out)));
  }

  /// A map without a bias.
  public static Linear withoutBias(Weights weights, int in, int out) {
    return new Linear(weights.matrix("weight", Init.fanIn(in), out, in), Optional.empty());
  }

  /// `[…, in]` to `[…, out]`.
  @Override
  public Tensor forward(Tensor x) {
    return bias.map(b -> x.linear(weight, b)).orElseGet(() -> x.linear(weight));
  }

  /// As [#forward], plus `other` `[…, out]`.
  public Tensor forwardPlus(Tensor x, Tensor other) {
    return Fused.linearPlus(x, weight, bias, other);
  }
}
