package dev.latente.nn;

import dev.latente.tensor.Tensor;

/// Halves height and width with a strided convolution (`Downsample2D`).
public record Downsample(Conv2d conv, Border border) implements Layer {
  /// Where zeros are added before the convolution.
  public enum Border {
    /// One pixel all around, as in a U-Net.
    AROUND,
    /// One pixel at the right and the bottom, as in an autoencoder.
    RIGHT_AND_BOTTOM
  }

  /// Downsampling of `channels` channels.
  public static Downsample of(Weights weights, int channels, Border border) {
    int padding =
        switch (border) {
          case AROUND -> 1;
          case RIGHT_AND_BOTTOM -> 0;
        };
    return new Downsample(Conv2d.of(weights.at("conv"), channels, channels, 3, 2, padding), border);
  }

  /// `[N, C, H, W]` to `[N, C, H/2, W/2]`, rounded up around, down at right and bottom.
  @Override
  public Tensor forward(Tensor x) {
    return switch (border) {
      case AROUND -> conv.forward(x);
      case RIGHT_AND_BOTTOM -> conv.forward(x.pad(0, 1, 0, 1));
    };
  }
}
