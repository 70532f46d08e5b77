package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// Strategic stochastic sampling of trajectory consistency models: [Zheng et al.
/// (2024)](https://arxiv.org/abs/2402.19159), algorithm 4. Each step jumps below the next level and
/// adds noise up to it. One call a step.
///
/// @param gamma how far below, as a share of the next timestep: 0 is deterministic, 1 jumps to the
///   least noise each time; 0.3 is usual
/// @param schedule says what noise a timestep has
public record Tcd(double gamma, NoiseSchedule schedule) implements Sampler {
  public Tcd {
    if (!(gamma >= 0 && gamma <= 1)) {
      throw new IllegalArgumentException("gamma must be from 0 to 1: " + gamma);
    }
  }

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor from = x;
      Tensor denoised = denoiser.denoise(from, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      boolean last = sigmas.left(i) == 1;
      double next = sigmas.sigma(i + 1);
      double down =
          last ? next : below(i + 1 < sigmas.steps() ? sigmas.at(i + 1) : sigmas.between(next));
      double up = Math.sqrt(Math.max(0, next * next - down * down));
      double sigma = sigmas.sigma(i);
      x =
          Scope.tidy(
              () -> new Renewal(down, up).add(Sampler.move(from, denoised, sigma, down), noise));
    }
    return x;
  }

  /// The noise to step to before noise is added up to `level`.
  private double below(NoiseLevel level) {
    return Math.min(
        level.sigma(), schedule.sigma((int) Math.floor((1 - gamma) * level.timestep())));
  }
}
