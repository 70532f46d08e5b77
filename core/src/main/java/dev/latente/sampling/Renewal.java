package dev.latente.sampling;

import dev.latente.tensor.Tensor;

/// An ancestral step in two: down to less noise than wanted, then up by fresh noise.
///
/// @param down deviation to step to
/// @param up deviation of the noise to add, so that `down² + up²` is the next level's square
record Renewal(double down, double up) {
  /// The split for a step from `sigma` to `next`, with `eta` times DDPM's fresh noise.
  static Renewal between(double sigma, double next, double eta) {
    double most = next * Math.sqrt(Math.max(0, sigma * sigma - next * next)) / sigma;
    double up = Math.min(next, eta * most);
    return new Renewal(Math.sqrt((next - up) * (next + up)), up);
  }

  /// `x` with the fresh noise.
  Tensor add(Tensor x, StepNoise noise) {
    return up == 0 ? x : x.plus(noise.like(x).times(up));
  }
}
