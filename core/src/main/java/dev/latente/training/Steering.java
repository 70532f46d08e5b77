package dev.latente.training;

import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning;
import dev.latente.unet.Residuals;

/// What guides a U-Net beside the text while it draws.
@FunctionalInterface
interface Steering {
  /// Nothing.
  Steering NONE = (x, timesteps, text) -> Residuals.NONE;

  /// What is added to its features for samples `x` `[N, C, H, W]` of noise levels `timesteps`
  /// `[N]`, told `text` `[N, S, E]`.
  Residuals at(Tensor x, Tensor timesteps, Tensor text);

  /// What it is told beside: `text` `[N, S, E]`, and perhaps pictures to look at.
  default Conditioning told(Tensor text) {
    return Conditioning.of(text);
  }
}
