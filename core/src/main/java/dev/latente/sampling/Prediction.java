package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.Locale;

/// What a network was trained to estimate, and so how its output becomes clean latents: [Karras et
/// al. (2022)](https://arxiv.org/abs/2206.00364), equation 7.
public enum Prediction {
  /// The noise `eps`.
  EPSILON {
    @Override
    Tensor clean(Tensor x, Tensor output, double sigma) {
      return x.minus(output.times(sigma));
    }

    @Override
    Tensor output(Tensor x, Tensor clean, double sigma) {
      return Sampler.noiseIn(x, clean, sigma);
    }
  },
  /// The clean latents.
  SAMPLE {
    @Override
    Tensor clean(Tensor x, Tensor output, double sigma) {
      return output;
    }

    @Override
    Tensor output(Tensor x, Tensor clean, double sigma) {
      return clean;
    }
  },
  /// The velocity `v = sqrt(ᾱ) eps - sqrt(1 - ᾱ) clean`: [Salimans and Ho
  /// (2022)](https://arxiv.org/abs/2202.00512), appendix D.
  V_PREDICTION {
    @Override
    Tensor clean(Tensor x, Tensor output, double sigma) {
      double root = Math.hypot(1, sigma);
      return x.times(1 / (root * root)).minus(output.times(sigma / root));
    }

    @Override
    Tensor output(Tensor x, Tensor clean, double sigma) {
      double root = Math.hypot(1, sigma);
      return Sampler.noiseIn(x, clean, sigma).minus(clean.times(sigma)).times(1 / root);
    }
  };

  /// A denoiser that asks `network`, whose outputs are of this kind.
  public Denoiser denoiser(NoisePredictor network) {
    return (x, level) ->
        Scope.tidy(() -> {
          Tensor scaled = x.times(level.alpha()); // variance 1, as in training
          Tensor output = network.predict(scaled, level.timestep());
          return clean(x, output, level.sigma());
        });
  }

  /// Clean latents from a network's output for `x = clean + sigma · eps`.
  abstract Tensor clean(Tensor x, Tensor output, double sigma);

  /// The inverse of [#clean]: what the network must have said.
  abstract Tensor output(Tensor x, Tensor clean, double sigma);

  /// The name in a scheduler's config, such as `v_prediction`.
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
