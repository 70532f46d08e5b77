package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// DPM-Solver++ for the stochastic equation, single-step: [Lu et al.
/// (2022)](https://arxiv.org/abs/2211.01095), section 4, in the form of k-diffusion's
/// `sample_dpmpp_sde` with `r = 1/2`. Two calls a step.
///
/// Both noises of a step belong to one Brownian motion in σ: the noise to the middle is part of the
/// noise to the end.
///
/// @param eta how much of the noise is renewed: 0 none, 1 as in DDPM
public record DpmppSde(double eta) implements Sampler {
  public DpmppSde {
    if (!(eta >= 0)) {
      throw new IllegalArgumentException("eta must be at least 0: " + eta);
    }
  }

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor denoised = denoiser.denoise(x, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      double next = sigmas.sigma(i + 1);
      x = next == 0 ? denoised : step(denoiser, x, denoised, sigmas, i, noise);
    }
    return x;
  }

  private Tensor step(
      Denoiser denoiser, Tensor x, Tensor denoised, Sigmas sigmas, int i, StepNoise noise) {
    double sigma = sigmas.sigma(i);
    double next = sigmas.sigma(i + 1);
    NoiseLevel middle = sigmas.between(Math.sqrt(sigma * next));
    boolean stochastic = eta > 0;
    Tensor toMiddle = stochastic ? noise.like(x) : x.times(0);
    Tensor fromMiddle = stochastic ? noise.like(x) : x.times(0);
    Tensor halfway = renewed(x, denoised, sigma, middle.sigma(), toMiddle);
    Tensor there = denoiser.denoise(halfway, middle);
    double share = (sigma - middle.sigma()) / (sigma - next);
    return Scope.tidy(() -> {
      Tensor whole = toMiddle.times(Math.sqrt(share)).plus(fromMiddle.times(Math.sqrt(1 - share)));
      return renewed(x, there, sigma, next, whole);
    });
  }

  private Tensor renewed(Tensor x, Tensor target, double sigma, double next, Tensor noise) {
    Renewal renewal = Renewal.between(sigma, next, eta);
    return Scope.tidy(
        () -> renewal.add(Sampler.move(x, target, sigma, renewal.down()), _ -> noise));
  }
}
