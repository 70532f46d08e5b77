package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// The midpoint method in `ln σ`, after DPM-Solver-2 of [Lu et al.
/// (2022)](https://arxiv.org/abs/2206.00927), algorithm 1, and [Karras et al.
/// (2022)](https://arxiv.org/abs/2206.00364), algorithm 2: k-diffusion's `sample_dpm_2`, and
/// `sample_dpm_2_ancestral` if noise is renewed. Second order, two calls a step.
///
/// @param eta how much of the noise is renewed: 0 none, 1 as in DDPM
public record Dpm2(double eta) implements Sampler {
  public Dpm2 {
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
      if (down == 0) {
        x = denoised;
        continue;
      }
      NoiseLevel middle = sigmas.between(Math.sqrt(sigma * down));
      Tensor halfway = Sampler.move(from, denoised, sigma, middle.sigma());
      Tensor there = denoiser.denoise(halfway, middle);
      x =
          Scope.tidy(() -> {
            Tensor slope = Sampler.noiseIn(halfway, there, middle.sigma());
            return renewal.add(from.plus(slope.times(down - sigma)), noise);
          });
    }
    return x;
  }
}
