package dev.latente.training;

import dev.latente.tensor.Tensor;

/// Where diffusion happens: among latents, or among the pictures themselves.
interface SampleSpace {
  /// The clean samples with the given indices, `[N, C, H, W]`, of variance about 1.
  Tensor clean(int... indices);

  /// Pictures of samples, `[N, 3, H', W']`, -1 (black) to 1 (white).
  Tensor pictures(Tensor samples);

  /// What of the data the samples depend on, so that training goes on with the same.
  String description();
}
