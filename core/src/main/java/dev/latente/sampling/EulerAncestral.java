package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// Euler's method that steps below the next level and adds noise up to it again: the ancestral
/// sampling of [Song et al. (2021)](https://arxiv.org/abs/2011.13456), appendix F, in the form of
/// k-diffusion's `sample_euler_ancestral`. First order, one call a step.
///
/// @param eta how much of the noise is renewed: 1 as in DDPM, 0 makes it [Euler]
public record EulerAncestral(double eta) implements Sampler {
  public EulerAncestral {
    if (!(eta >= 0)) {
      throw new IllegalArgumentException("eta must be at least 0: " + eta);
    }
  }

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor from = x;
      Tensor denoised = denoiser.denoise(from, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      double sigma = sigmas.sigma(i);
      Renewal renewal = Renewal.between(sigma, sigmas.sigma(i + 1), eta);
      x = Scope.tidy(() -> renewal.add(Sampler.move(from, denoised, sigma, renewal.down()), noise));
    }
    return x;
  }
}
