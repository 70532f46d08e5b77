package dev.latente.training;

/// The size of the optimiser's steps: a linear warm-up, then half a cosine down to nothing.
///
/// [Loshchilov & Hutter (2016)](https://arxiv.org/abs/1608.03983), equation 5, without restarts.
///
/// @param peak the largest rate, positive
/// @param warmUp steps until the peak, 0 or more
/// @param steps all steps, more than `warmUp`
/// @param floor share of the peak at the end, 0 to 1
public record LearningRate(double peak, long warmUp, long steps, double floor) {
  public LearningRate {
    if (!(peak > 0) || warmUp < 0 || steps <= warmUp || !(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException(
          "need peak > 0, 0 <= warm-up < steps, 0 <= floor <= 1: peak=%s, warm-up=%d, steps=%d, floor=%s"
              .formatted(peak, warmUp, steps, floor));
    }
  }

  /// The rate of step `step`, counted from 0.
  public double at(long step) {
    if (step < warmUp) {
      return peak * (step + 1) / warmUp;
    }
    double done = Math.min(1, (double) (step - warmUp) / (steps - warmUp));
    return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * done)));
  }
}
