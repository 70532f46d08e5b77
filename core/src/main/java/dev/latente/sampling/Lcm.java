package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// Multistep sampling of latent consistency models: [Luo et al.
/// (2023)](https://arxiv.org/abs/2310.04378), algorithm 3. Each step jumps to clean latents and
/// adds all the noise of the next level. One call a step; 1 to 8 steps are enough for networks
/// distilled for it.
///
/// @param timestepScaling what timesteps are multiplied by in the boundary condition: 10
/// @param limit of the clean estimate
public record Lcm(double timestepScaling, Limit limit) implements Sampler {
  private static final double SIGMA_DATA = 0.5; // ibid., section 3

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor from = x;
      NoiseLevel level = sigmas.at(i);
      Tensor estimate = limit.apply(denoiser.denoise(from, level));
      double time = level.timestep() * timestepScaling;
      double root = Math.hypot(time, SIGMA_DATA);
      double skip = SIGMA_DATA / root * (SIGMA_DATA / root); // c_skip, ibid., equation 9
      double out = time / root; // c_out
      Tensor clean = Scope.tidy(() -> estimate.times(out).plus(from.times(level.alpha() * skip)));
      listener.onStep(i + 1, sigmas.steps(), clean);
      double next = sigmas.sigma(i + 1);
      boolean last = sigmas.left(i) == 1;
      x = last ? clean : Scope.tidy(() -> clean.plus(noise.like(clean).times(next)));
    }
    return x;
  }
}
