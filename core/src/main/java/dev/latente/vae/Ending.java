package dev.latente.vae;

import dev.latente.nn.Conv2d;
import dev.latente.nn.GroupNorm;
import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// The end of an encoder or decoder: norm, activation, 3×3 convolution.
record Ending(GroupNorm convNormOut, Conv2d convOut) implements Block {
  /// How far a pixel sees, in pixels.
  static final int REACH = 1;

  static Ending of(Weights weights, int channels, int groups, int out) {
    return new Ending(
        GroupNorm.of(weights.at("conv_norm_out"), channels, groups, ResnetBlock.EPSILON),
        Conv2d.of(weights.at("conv_out"), channels, out, 3));
  }

  /// `[N, C, H, W]` to `[N, Cout, H, W]`.
  @Override
  public Tensor forward(Tensor x, Norms norms) {
    return convOut.forward(Scope.tidy(() -> norms.activated(convNormOut, x, false)));
  }
}
