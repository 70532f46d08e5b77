package dev.latente.pipeline;

import dev.latente.sampling.Sigmas;
import dev.latente.tensor.Tensor;

/// What a sampler begins with.
///
/// @param x latents `[N, C, H, W]` with the noise of the level before `step`
/// @param step the first one that is taken, counted from 0
record StartLatents(Tensor x, int step) {
  /// Nothing but `noise` of deviation 1.
  static StartLatents noise(Tensor noise, Sigmas sigmas) {
    return new StartLatents(sigmas.start(noise), 0);
  }

  /// The latents of a picture that is to be redrawn from `step` on.
  ///
  /// @param clean its latents
  /// @param noise of deviation 1
  static StartLatents redrawn(Tensor clean, Tensor noise, Sigmas sigmas, int step) {
    return new StartLatents(sigmas.from(step).start(clean, noise), step);
  }
}
