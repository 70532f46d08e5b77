package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// DPM-Solver++(2S) with ancestral noise: [Lu et al. (2022)](https://arxiv.org/abs/2211.01095),
/// algorithm 1, in the form of k-diffusion's `sample_dpmpp_2s_ancestral`. Second order, two calls a
/// step.
///
/// @param eta how much of the noise is renewed: 0 none, 1 as in DDPM
public record Dpmpp2sAncestral(double eta) implements Sampler {
  public Dpmpp2sAncestral {
    if (!(eta >= 0)) {
      throw new IllegalArgumentException("eta must be at least 0: " + eta);
    }
  }

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor from = x;
      double sigma = sigmas.sigma(i);
      Tensor denoised = denoiser.denoise(from, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      Renewal renewal = Renewal.between(sigma, sigmas.sigma(i + 1), eta);
      double down = renewal.down();
      Tensor target = denoised;
      if (down > 0) {
        NoiseLevel middle = sigmas.between(Math.sqrt(sigma * down)); // the middle in λ
        target = denoiser.denoise(Sampler.move(from, denoised, sigma, middle.sigma()), middle);
      }
      Tensor to = target;
      x = Scope.tidy(() -> renewal.add(Sampler.move(from, to, sigma, down), noise));
    }
    return x;
  }
}
