package dev.latente.unet;

import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalInt;

/// Tells the network a number, such as how noisy its input is: sinusoids, then two linear maps.
///
/// [Ho et al. (2020)](https://arxiv.org/abs/2006.11239), appendix B, after Vaswani et al. (2017),
/// section 3.5.
///
/// @param condProj adds something else to the sinusoids first: an embedded guidance scale
record TimestepEmbedding(Linear linear1, Optional<Linear> condProj, Linear linear2) {
  private static final double MAX_PERIOD = 10_000;

  static TimestepEmbedding of(Weights weights, int in, int out) {
    return of(weights, in, out, OptionalInt.empty());
  }

  /// An embedding that also takes a condition of `condition` features.
  static TimestepEmbedding of(Weights weights, int in, int out, OptionalInt condition) {
    Linear linear1 = Linear.of(weights.at("linear_1"), in, out);
    Optional<Linear> condProj =
        condition.isEmpty()
            ? Optional.empty()
            : Optional.of(Linear.withoutBias(weights.at("cond_proj"), condition.getAsInt(), in));
    return new TimestepEmbedding(linear1, condProj, Linear.of(weights.at("linear_2"), out, out));
  }

  /// `[N, in]` to `[N, out]`.
  Tensor forward(Tensor sinusoids) {
    return linear2.forward(linear1.forward(sinusoids).silu());
  }

  /// `[N, in]` to `[N, out]`, given a condition `[N, C]`.
  Tensor forward(Tensor sinusoids, Tensor condition) {
    return forward(sinusoids.plus(condProj.orElseThrow().forward(condition)));
  }

  /// Sines and cosines of `timesteps` at `features / 2` frequencies from 1 down to about 1/10,000.
  ///
  /// @param timesteps `[N]`, not necessarily whole
  /// @param features width of the result, 4 or more; if odd, the last one is 0
  /// @param cosFirst whether the cosines come first (`flip_sin_to_cos`)
  /// @param freqShift subtracted from the number of frequencies
  /// @return `[N, features]`
  static Tensor sinusoids(Tensor timesteps, int features, boolean cosFirst, double freqShift) {
    int half = features / 2;
    float[] frequencies = new float[half];
    for (int i = 0; i < half; i++) {
      frequencies[i] = (float) Math.exp(-Math.log(MAX_PERIOD) * i / (half - freqShift));
    }
    Tensor angles =
        timesteps
            .reshape(-1, 1)
            .times(Tensor.of(frequencies, 1, half).to(timesteps.device())); // [N, half]
    Tensor both =
        cosFirst
            ? Tensor.concat(1, angles.cos(), angles.sin())
            : Tensor.concat(1, angles.sin(), angles.cos());
    return features % 2 == 0
        ? both
        : Tensor.concat(1, both, Tensor.full(0, both.size(0), 1).like(both));
  }
}
