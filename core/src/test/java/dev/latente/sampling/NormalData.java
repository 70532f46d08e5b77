package dev.latente.sampling;

import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.Arrays;

/// A world in which clean latents are normal noise of deviation 1: the best denoiser and the exact
/// paths are known.
///
/// The expected clean value is `x / (1 + σ²)`, so `dx/dσ = x σ / (1 + σ²)`, so `x` stays
/// proportional to `sqrt(1 + σ²)`.
final class NormalData {
  static final Denoiser DENOISER = (x, level) -> x.times(1 / (1 + level.sigma() * level.sigma()));
  static final double MOST = 14.6;

  private NormalData() {}

  /// Levels of Karras et al. for any network.
  static Sigmas karras(int steps) {
    return Sigmas.of(sigma -> 1, Curves.karras(MOST, 0.03, steps + 1));
  }

  /// The exact end of the path that begins at 1 at the first of `sigmas`.
  static double end(Sigmas sigmas) {
    return Math.hypot(1, sigmas.sigma(sigmas.steps())) / Math.hypot(1, sigmas.sigma(0));
  }

  /// How far `sampler` ends from the exact path in a run of `steps` steps, relatively.
  static double error(Sampler sampler, Sigmas sigmas) {
    return Math.abs(run(sampler, DENOISER, sigmas) / end(sigmas) - 1);
  }

  /// Where `sampler` takes a single number from 1.
  static double run(Sampler sampler, Denoiser denoiser, Sigmas sigmas) {
    try (Scope _ = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1}, 1, 1, 1, 1);
      return sampler.sample(denoiser, x, sigmas, StepNoise.none(), StepListener.none())
          .toFloatArray()[0];
    }
  }

  /// As [#run(Sampler, Denoiser, Sigmas)] with noise of a fixed seed, and finished.
  static double run(Sampler sampler, Sigmas sigmas) {
    RandomNoise noise = RandomNoise.seeded(1);
    try (Scope _ = Scope.open()) {
      Tensor start = noise.normal(1, 1, 1, 1);
      return sampler.generate(DENOISER, start, sigmas, StepNoise.of(noise), StepListener.none())
          .toFloatArray()[0];
    }
  }

  static double variance(float[] values) {
    double mean = 0;
    for (float value : values) {
      mean += value / (double) values.length;
    }
    double middle = mean;
    return Arrays.stream(toDoubles(values)).map(v -> (v - middle) * (v - middle)).sum()
        / values.length;
  }

  private static double[] toDoubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}
