package dev.latente.control;

import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning;
import dev.latente.unet.Residuals;

/// A control network that has seen its map.
@FunctionalInterface
public interface Guide {
  /// What is to be added to the U-Net's features for latents `x` `[N, C, H, W]`.
  ///
  /// @param x as the U-Net sees them; extra input channels are left out of account
  /// @param timesteps noise levels of training, `[N]`
  /// @param told what the U-Net is told beside them
  Residuals residuals(Tensor x, Tensor timesteps, Conditioning told);
}
