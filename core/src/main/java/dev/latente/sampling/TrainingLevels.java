package dev.latente.sampling;

import java.util.Arrays;

/// Choices among the noise levels of training, as the A1111 web UI and ComfyUI name them.
final class TrainingLevels {
  private TrainingLevels() {}

  /// The first `steps` of `count` levels evenly spaced in the timestep, which need not be whole.
  static double[] even(NoiseSchedule noise, int count, int steps) {
    double[] timesteps = Spacing.line(noise.steps() - 1, 0, count);
    return Arrays.copyOf(LevelRequest.map(timesteps, noise::sigmaAt), steps);
  }

  /// Every T / n-th level from the noisiest down.
  static double[] simple(NoiseSchedule noise, int steps) {
    int all = noise.steps();
    double[] sigmas = new double[steps];
    Arrays.setAll(sigmas, i -> noise.sigma(all - 1 - (int) ((double) i * all / steps)));
    return sigmas;
  }

  /// The last level of each of n equal parts of training.
  static double[] turbo(NoiseSchedule noise, int steps) {
    double part = (double) noise.steps() / steps;
    double[] sigmas = new double[steps];
    Arrays.setAll(sigmas, i -> noise.sigma((int) Math.rint((steps - i) * part - 1)));
    return sigmas;
  }

  /// Every T / n-th level from the second least noisy up.
  static double[] ddim(NoiseSchedule noise, int steps) {
    int stride = Math.max(noise.steps() / steps, 1);
    int count = (noise.steps() - 2) / stride + 1;
    double[] sigmas = new double[count];
    Arrays.setAll(sigmas, i -> noise.sigma(1 + (count - 1 - i) * stride));
    return sigmas;
  }
}
