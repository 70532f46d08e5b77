package dev.latente.training;

import dev.latente.sampling.NoiseSchedule;
import dev.latente.sampling.Prediction;
import dev.latente.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/// What a network's output says of a batch whose samples have each their own noise.
///
/// @param schedule the noise of training
/// @param prediction what the network estimates
record Estimates(NoiseSchedule schedule, Prediction prediction) {
  /// The clean samples in `x`, `[N, C, H, W]`.
  ///
  /// @param output of the network for `x`
  /// @param t timesteps of the N samples
  Tensor clean(Tensor x, Tensor output, int... t) {
    Tensor signal = column(Math::sqrt, t);
    Tensor noise = column(alpha -> Math.sqrt(1 - alpha), t);
    return switch (prediction) {
      case EPSILON -> x.minus(output.times(noise)).dividedBy(signal);
      case SAMPLE -> output;
      case V_PREDICTION -> x.times(signal).minus(output.times(noise));
    };
  }

  /// The noise in `x` if `clean` is what it was mixed with.
  Tensor noise(Tensor x, Tensor clean, int... t) {
    Tensor signal = column(Math::sqrt, t);
    return x.minus(clean.times(signal)).dividedBy(column(alpha -> Math.sqrt(1 - alpha), t));
  }

  /// A function of `ᾱ_t` for each sample, `[N, 1, 1, 1]`.
  private Tensor column(DoubleUnaryOperator function, int... t) {
    float[] values = new float[t.length];
    for (int i = 0; i < t.length; i++) {
      values[i] = (float) function.applyAsDouble(schedule.alphaCumprod(t[i]));
    }
    return Tensor.of(values, t.length, 1, 1, 1);
  }
}
