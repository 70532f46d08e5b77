package dev.latente.vae;

import dev.latente.nn.Attention;
import dev.latente.nn.GroupNorm;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;

/// Every pixel of the smallest map looks at every other, with one head.
///
/// Names follow the diffusers checkpoint (`Attention` in `mid_block.attentions`).
record AttentionBlock(GroupNorm groupNorm, Attention attention) implements Block {
  static AttentionBlock of(Weights weights, int channels, int groups) {
    return new AttentionBlock(
        GroupNorm.of(weights.at("group_norm"), channels, groups, ResnetBlock.EPSILON),
        Attention.withBias(weights, channels));
  }

  /// `[N, C, H, W]` to the same shape.
  @Override
  public Tensor forward(Tensor x, Norms norms) {
    Tensor pixels =
        norms.apply(groupNorm, x).reshape(x.size(0), x.size(1), -1).transpose(1, 2); // [N, H·W, C]
    Tensor h = attention.forward(pixels, pixels).transpose(1, 2);
    return x.plus(h.reshape(x.shape()));
  }
}
