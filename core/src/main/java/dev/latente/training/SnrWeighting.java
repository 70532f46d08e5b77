package dev.latente.training;

import dev.latente.sampling.NoiseSchedule;
import dev.latente.sampling.Prediction;
import dev.latente.tensor.Tensor;

/// Weights of timesteps in the loss by signal-to-noise ratio, cut at γ: [Hang et al.
/// (2023)](https://arxiv.org/abs/2303.09556), equation 5. Or none at all: with v-prediction, noisy
/// timesteps, where the layout is decided, then count more.
///
/// @param gamma where the ratio is cut, 5 in the paper; 0 gives every timestep the weight 1
record SnrWeighting(double gamma) {
  SnrWeighting {
    if (!(gamma >= 0)) {
      throw new IllegalArgumentException("min-SNR gamma must be 0 (none) or more: " + gamma);
    }
  }

  /// The weight of the squared error of what the network estimates at timestep `t`.
  double at(NoiseSchedule schedule, Prediction prediction, int t) {
    if (gamma == 0) {
      return 1;
    }
    double alpha = schedule.alphaCumprod(t);
    double snr = alpha / (1 - alpha);
    double cut = Math.min(snr, gamma);
    return switch (prediction) {
      case SAMPLE -> cut;
      case EPSILON -> cut / snr;
      case V_PREDICTION -> cut / (snr + 1);
    };
  }

  /// The weights of several timesteps, `[N, 1, 1, 1]`.
  Tensor at(NoiseSchedule schedule, Prediction prediction, int... timesteps) {
    float[] weights = new float[timesteps.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) at(schedule, prediction, timesteps[i]);
    }
    return Tensor.of(weights, weights.length, 1, 1, 1);
  }
}
