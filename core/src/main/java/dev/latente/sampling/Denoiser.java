package dev.latente.sampling;

import dev.latente.tensor.Tensor;

/// Estimates the clean latents hidden in noisy ones.
///
/// All samplers see latents in variance-exploding form, `x = clean + sigma · eps`. What the papers
/// on DDPM and DDIM call `x_t` is `x / sqrt(1 + sigma²)`.
@FunctionalInterface
public interface Denoiser {
  /// The expected clean latents given `x = clean + level.sigma() · eps`.
  ///
  /// @param x noisy latents `[N, C, H, W]`
  /// @param level the noise in `x`, `sigma` positive
  /// @return clean latents, same shape as `x`
  Tensor denoise(Tensor x, NoiseLevel level);
}
