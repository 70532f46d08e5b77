package dev.latente.training;

import dev.latente.tensor.Tensor;
import dev.latente.unet.Residuals;

/// What is added to a U-Net's features while it draws.
@FunctionalInterface
interface Steering {
  /// Nothing.
  Steering NONE = (x, timesteps, text) -> Residuals.NONE;

  /// What is added for samples `x` `[N, C, H, W]` of noise levels `timesteps` `[N]`, told `text`
  /// `[N, S, E]`.
  Residuals at(Tensor x, Tensor timesteps, Tensor text);
}
