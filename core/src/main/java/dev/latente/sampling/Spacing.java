package dev.latente.sampling;

import java.util.Arrays;

/// Which timesteps a run visits. They are listed from most noise to least, named as in [Lin et al.
/// (2023)](https://arxiv.org/abs/2305.08891), table 2, with numpy's rounding.
enum Spacing {
  /// Multiples of a stride, from an offset up.
  LEADING,
  /// Equal parts from T - 1 down.
  TRAILING,
  /// Evenly from 0 to T - 1.
  LINSPACE;

  /// `steps` multiples of `stride` from `first` up, listed downwards.
  static double[] leading(int steps, int stride, int first, int trainSteps) {
    double[] timesteps = new double[steps];
    Arrays.setAll(
        timesteps, i -> Math.min((long) (steps - 1 - i) * stride + first, trainSteps - 1));
    return timesteps;
  }

  /// From T - 1 down in `steps` equal parts, rounded.
  static double[] trailing(int steps, int trainSteps) {
    double stride = trainSteps - (trainSteps - (double) trainSteps / steps); // rounded as numpy's
    double[] timesteps = new double[steps];
    Arrays.setAll(timesteps, i -> Math.rint(trainSteps - i * stride) - 1);
    return timesteps;
  }

  /// `count` numbers from `most` to `least`, not rounded.
  static double[] line(double most, double least, int count) {
    double[] values = new double[count];
    double step = count == 1 ? 0 : (most - least) / (count - 1);
    Arrays.setAll(values, i -> least + (count - 1 - i) * step);
    values[0] = count == 1 ? least : most;
    return values;
  }

  static double[] rounded(double[] timesteps) {
    return Arrays.stream(timesteps).map(Math::rint).toArray();
  }
}
