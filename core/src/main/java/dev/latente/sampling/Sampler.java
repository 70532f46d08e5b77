package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// Turns noise into latents, level by level: follows `dx/dσ = (x - denoise(x, σ)) / σ`, or a
/// stochastic equation with the same distributions, from the first level of `sigmas` to the last.
///
/// Samplers are stateless: one instance serves any number of threads.
@FunctionalInterface
public interface Sampler {
  /// Latents at the last level of `sigmas`, clean if that is 0.
  ///
  /// @param denoiser asked once a step by most samplers
  /// @param x latents `[N, C, H, W]` with noise of deviation `sigmas.sigma(0)`
  /// @param sigmas the levels to visit
  /// @param noise asked by samplers that add noise as they go
  /// @param listener hears of each step
  Tensor sample(Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener);

  /// As [#sample] from pure `noise` `[N, C, H, W]` of deviation 1 to finished latents.
  default Tensor generate(
      Denoiser denoiser, Tensor noise, Sigmas sigmas, StepNoise stepNoise, StepListener listener) {
    return sigmas.finish(sample(denoiser, sigmas.start(noise), sigmas, stepNoise, listener));
  }

  /// Moves `x` from noise level `sigma` to `next` along the line through it and `target`.
  ///
  /// This is Euler's step, written without dividing by σ: deterministic samplers of denoiser form
  /// differ in `target` alone.
  static Tensor move(Tensor x, Tensor target, double sigma, double next) {
    double keep = next / sigma;
    return Scope.tidy(() -> x.times(keep).plus(target.times(1 - keep)));
  }

  /// The noise in `x`: `eps = (x - denoised) / sigma`.
  static Tensor noiseIn(Tensor x, Tensor denoised, double sigma) {
    return x.minus(denoised).dividedBy(sigma);
  }
}
