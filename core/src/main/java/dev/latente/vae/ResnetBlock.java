package dev.latente.vae;

import dev.latente.nn.Conv2d;
import dev.latente.nn.GroupNorm;
import dev.latente.nn.Layer;
import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// The autoencoder's residual block: two 3×3 convolutions, and no timestep.
///
/// Names follow the diffusers checkpoint (`ResnetBlock2D`).
record ResnetBlock(GroupNorm norm1, Conv2d conv1, GroupNorm norm2, Conv2d conv2, Layer convShortcut)
    implements Block {
  static final double EPSILON = 1e-6;

  /// How far a pixel sees, in pixels: one for each convolution.
  static final int REACH = 2;

  static ResnetBlock of(Weights weights, int in, int out, int groups) {
    return new ResnetBlock(
        GroupNorm.of(weights.at("norm1"), in, groups, EPSILON),
        Conv2d.of(weights.at("conv1"), in, out, 3),
        GroupNorm.of(weights.at("norm2"), out, groups, EPSILON),
        Conv2d.of(weights.at("conv2"), out, out, 3),
        in == out ? Layer.IDENTITY : Conv2d.of(weights.at("conv_shortcut"), in, out, 1));
  }

  /// `[N, Cin, H, W]` to `[N, Cout, H, W]`.
  @Override
  public Tensor forward(Tensor x, Norms norms) {
    Tensor h = Scope.tidy(() -> conv1.forward(activated(norm1, x, norms, false)));
    Tensor shortcut = convShortcut.forward(x);
    return Scope.tidy(() -> conv2.forwardPlus(activated(norm2, h, norms, true), shortcut));
  }

  /// Norm and activation; all but the result is freed, for a map may take gigabytes.
  ///
  /// @param last whether nothing else uses `x`
  private static Tensor activated(GroupNorm norm, Tensor x, Norms norms, boolean last) {
    return Scope.tidy(() -> norms.activated(norm, x, last));
  }
}
