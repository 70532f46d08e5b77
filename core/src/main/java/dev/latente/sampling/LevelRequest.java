package dev.latente.sampling;

import dev.latente.sampling.Sigmas.Scaling;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// What is asked for when noise levels are chosen, and arithmetic that the choices share.
///
/// @param config of the scheduler
/// @param noise levels of training
/// @param steps wanted
record LevelRequest(SchedulerConfig config, NoiseSchedule noise, int steps) {

  /// The whole timesteps of the config's spacing.
  double[] wholeTimesteps() {
    int all = noise.steps();
    return switch (config.spacing()) {
      case LEADING -> Spacing.leading(steps, all / steps, offset(), all);
      case TRAILING -> Spacing.trailing(steps, all);
      case LINSPACE -> Spacing.rounded(Spacing.line(all - 1, 0, steps));
    };
  }

  /// What is added to timesteps spaced `LEADING`.
  int offset() {
    return config.whole("steps_offset", 0);
  }

  /// The levels of whole timesteps, and a last one.
  Sigmas ofTimesteps(double[] timesteps, double last) {
    double[] sigmas = ended(map(timesteps, t -> noise.sigma((int) t)), last);
    return Sigmas.of(sigmas, timesteps, noise::timestepAt, Scaling.VARIANCE_PRESERVING);
  }

  /// The noise of whole timesteps: `last` below 0, the most above T - 1.
  double[] sigmas(double[] timesteps, double last) {
    return map(timesteps, t -> t < 0 ? last : noise.sigma((int) Math.min(t, noise.steps() - 1)));
  }

  /// Levels in single precision, as diffusers stores them, with a last one.
  static double[] ended(double[] sigmas, double last) {
    double[] ended = single(Arrays.copyOf(sigmas, sigmas.length + 1));
    ended[sigmas.length] = last;
    return ended;
  }

  static double[] single(double[] values) {
    return map(values, value -> (float) value);
  }

  static double[] map(double[] values, DoubleUnaryOperator function) {
    return Arrays.stream(values).map(function).toArray();
  }
}
