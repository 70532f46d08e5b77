package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// Heun's method: [Karras et al. (2022)](https://arxiv.org/abs/2206.00364), algorithm 1. Second
/// order, two calls a step but one in a step to 0.
public record Heun() implements Sampler {
  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor denoised = denoiser.denoise(x, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      NoiseLevel to =
          i + 1 < sigmas.steps() ? sigmas.at(i + 1) : sigmas.between(sigmas.sigma(i + 1));
      x = step(denoiser, x, denoised, sigmas.sigma(i), to);
    }
    return x;
  }

  /// One step from `sigma` to the level `to`, where the estimate at its beginning is known.
  static Tensor step(Denoiser denoiser, Tensor x, Tensor denoised, double sigma, NoiseLevel to) {
    Tensor predicted = Sampler.move(x, denoised, sigma, to.sigma());
    if (to.sigma() == 0) {
      return predicted;
    }
    Tensor there = denoiser.denoise(predicted, to);
    return Scope.tidy(() -> {
      Tensor slope = Sampler.noiseIn(x, denoised, sigma);
      Tensor slopeThere = Sampler.noiseIn(predicted, there, to.sigma());
      return x.plus(slope.plus(slopeThere).times((to.sigma() - sigma) / 2));
    });
  }
}
