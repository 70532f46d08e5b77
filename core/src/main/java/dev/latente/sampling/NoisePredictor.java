package dev.latente.sampling;

import dev.latente.tensor.Tensor;

/// A trained network: what it estimates is said by a [Prediction].
@FunctionalInterface
public interface NoisePredictor {
  /// The network's raw output.
  ///
  /// @param x latents `[N, C, H, W]` of variance about 1: `sqrt(ᾱ) clean + sqrt(1 - ᾱ) eps`
  /// @param timestep of training, 0 to T - 1
  /// @return noise, velocity or clean latents, same shape as `x`
  Tensor predict(Tensor x, double timestep);
}
