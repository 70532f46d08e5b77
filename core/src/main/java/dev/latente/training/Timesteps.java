package dev.latente.training;

import java.util.SplittableRandom;

/// Which timesteps the samples of a batch are trained at.
///
/// They are spread evenly over the quantiles of their distribution, one random shift for all, which
/// makes the loss vary less from batch to batch: [Kingma et al.
/// (2021)](https://arxiv.org/abs/2107.00630), appendix I.1. The distribution is logistic in the
/// logit of `t / T`, as Esser et al. (2024), [section 3.1](https://arxiv.org/abs/2403.03206), draw
/// it normal: what a picture shows is decided at middle noise.
///
/// @param width 1 draws all timesteps alike; less draws the middle ones more often
/// @param centre 0 is the middle; less is less noise
record Timesteps(double width, double centre) {
  /// All timesteps alike.
  static final Timesteps UNIFORM = new Timesteps(1, 0);

  Timesteps {
    if (!(width > 0 && width <= 1 && Math.abs(centre) <= 3)) {
      throw new IllegalArgumentException(
          "timesteps need a width above 0 up to 1 and a centre of -3 to 3: %s, %s"
              .formatted(width, centre));
    }
  }

  /// `batch` timesteps, 0 to `steps - 1`.
  int[] draw(int batch, int steps, SplittableRandom random) {
    double shift = random.nextDouble();
    int[] t = new int[batch];
    for (int i = 0; i < batch; i++) {
      double quantile = (i + shift) / batch;
      double logit = Math.log(quantile / (1 - quantile));
      double time = 1 / (1 + Math.exp(-(centre + width * logit)));
      t[i] = Math.clamp((int) (time * steps), 0, steps - 1);
    }
    return t;
  }
}
