package dev.latente.unet;

import dev.latente.nn.Attention;
import dev.latente.tensor.Tensor;
import java.util.List;

/// What the pixels of a U-Net look at where they look at each other.
@FunctionalInterface
public interface SelfAttention {
  /// Each other, as the network was trained.
  SelfAttention PLAIN = (_, attention, h) -> attention.forward(h, h);

  /// What the pixels `h` `[N, H·W, D]` gather: the same shape.
  ///
  /// @param block as [UNet#crossAttentions] calls it
  Tensor gather(String block, Attention attention, Tensor h);

  /// As [#gather], plus `x` of the same shape.
  default Tensor gatherPlus(String block, Attention attention, Tensor h, Tensor x) {
    return this == PLAIN
        ? attention.forwardPlus(h, attention.see(h), List.of(), x)
        : x.plus(gather(block, attention, h));
  }
}
