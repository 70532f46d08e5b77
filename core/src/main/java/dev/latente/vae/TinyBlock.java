package dev.latente.vae;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Layer;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;

/// The tiny autoencoder's residual block: three 3×3 convolutions, and no norm.
///
/// Names follow the diffusers checkpoint (`AutoencoderTinyBlock`).
record TinyBlock(Conv2d conv0, Conv2d conv2, Conv2d conv4) implements Layer {
  /// How far a pixel sees, in pixels: one for each convolution.
  static final int REACH = 3;

  static TinyBlock of(Weights weights, int channels) {
    Weights conv = weights.at("conv");
    return new TinyBlock(
        Conv2d.of(conv.at(0), channels, channels, 3),
        Conv2d.of(conv.at(2), channels, channels, 3),
        Conv2d.of(conv.at(4), channels, channels, 3));
  }

  /// `[N, C, H, W]` to the same shape.
  @Override
  public Tensor forward(Tensor x) {
    Tensor h = conv2.forward(conv0.forward(x).relu()).relu();
    return conv4.forward(h).plus(x).relu();
  }
}
