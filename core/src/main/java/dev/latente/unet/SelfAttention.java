package dev.latente.unet;

import dev.latente.nn.Attention;
import dev.latente.tensor.Tensor;

/// What the pixels of a U-Net look at where they look at each other.
@FunctionalInterface
public interface SelfAttention {
  /// Each other, as the network was trained.
  SelfAttention PLAIN = (_, attention, h) -> attention.forward(h, h);

  /// What the pixels `h` `[N, H·W, D]` gather: the same shape.
  ///
  /// @param block as [UNet#crossAttentions] calls it
  Tensor gather(String block, Attention attention, Tensor h);
}
