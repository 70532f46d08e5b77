package dev.latente.nn;

import dev.latente.tensor.Tensor;

/// Doubles height and width by repeating pixels, then smooths with a convolution (`Upsample2D`).
public record Upsample(Conv2d conv) implements Layer {
  /// Upsampling of `channels` channels.
  public static Upsample of(Weights weights, int channels) {
    return new Upsample(Conv2d.of(weights.at("conv"), channels, channels, 3));
  }

  /// `[N, C, H, W]` to `[N, C, 2H, 2W]`.
  @Override
  public Tensor forward(Tensor x) {
    return to(x, 2 * x.size(2), 2 * x.size(3));
  }

  /// `[N, C, H, W]` to `[N, C, height, width]`, for sizes that were odd before they were halved.
  public Tensor to(Tensor x, long height, long width) {
    return conv.forward(x.upsampleNearest(height, width));
  }
}
