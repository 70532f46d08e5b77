package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// Denoising diffusion implicit models: [Song et al. (2021)](https://arxiv.org/abs/2010.02502),
/// equations 12 and 16. First order, one call a step; with `eta` 0 it is [Euler] on other levels.
///
/// @param eta how much of the noise is renewed: 0 none, 1 as in DDPM
/// @param limit of the clean estimate; the noise estimate is not touched by it
public record Ddim(double eta, Limit limit) implements Sampler {
  public Ddim {
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("eta must be from 0 to 1: " + eta);
    }
  }

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor from = x;
      Tensor denoised = denoiser.denoise(from, sigmas.at(i));
      Tensor clean = limit.apply(denoised);
      listener.onStep(i + 1, sigmas.steps(), clean);
      double sigma = sigmas.sigma(i);
      Renewal renewal = Renewal.between(sigma, sigmas.after(i), eta);
      double rescale = sigmas.rescaleAfter(i);
      x =
          Scope.tidy(() -> {
            Tensor eps = Sampler.noiseIn(from, denoised, sigma);
            Tensor next = clean.plus(eps.times(renewal.down()));
            return renewal.add(next, noise).times(rescale);
          });
    }
    return x;
  }
}
