package dev.latente.sampling;

import dev.latente.tensor.Tensor;

/// Euler's method: [Karras et al. (2022)](https://arxiv.org/abs/2206.00364), algorithm 2 without
/// churn. First order, one call a step.
public record Euler() implements Sampler {
  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor denoised = denoiser.denoise(x, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      x = Sampler.move(x, denoised, sigmas.sigma(i), sigmas.sigma(i + 1));
    }
    return x;
  }
}
