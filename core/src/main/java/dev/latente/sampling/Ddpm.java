package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// Denoising diffusion probabilistic models: [Ho et al. (2020)](https://arxiv.org/abs/2006.11239),
/// algorithm 2, over any subset of the levels. One call a step.
///
/// @param variance of the noise added in a step
public record Ddpm(Variance variance) implements Sampler {

  /// The two choices of section 3.2.
  public enum Variance {
    /// `β̃_t`, best if the data is one point: equation 7.
    FIXED_SMALL,
    /// `β_t`, best if the data is normal noise.
    FIXED_LARGE
  }

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor from = x;
      Tensor denoised = denoiser.denoise(from, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      double sigma = sigmas.sigma(i);
      double next = sigmas.sigma(i + 1);
      double keep = next / sigma * (next / sigma);
      double deviation = sigmas.at(i).timestep() > 0 ? deviation(sigma, next) : 0;
      x =
          Scope.tidy(() -> {
            Tensor mean = denoised.times(1 - keep).plus(from.times(keep)); // equation 7
            return deviation == 0 ? mean : mean.plus(noise.like(mean).times(deviation));
          });
    }
    return x;
  }

  /// Deviation of the noise to add, in variance-exploding form.
  private double deviation(double sigma, double next) {
    double removed = Math.sqrt(sigma * sigma - next * next);
    return switch (variance) {
      case FIXED_SMALL -> removed * next / sigma;
      case FIXED_LARGE -> removed * Math.hypot(1, next) / Math.hypot(1, sigma);
    };
  }
}
