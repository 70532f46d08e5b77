package dev.latente.unet;

import dev.latente.nn.Conv2d;
import dev.latente.nn.GroupNorm;
import dev.latente.nn.Layer;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// The U-Net's residual block: two 3×3 convolutions with the timestep added between them.
///
/// Names follow the diffusers checkpoint (`ResnetBlock2D`).
record ResnetBlock(
    GroupNorm norm1,
    Conv2d conv1,
    Linear timeEmbProj,
    GroupNorm norm2,
    Conv2d conv2,
    Layer convShortcut) {

  /// A block from `in` to `out` channels, told a timestep embedding of `time` features.
  static ResnetBlock of(Weights weights, int in, int out, int time, int groups, double epsilon) {
    GroupNorm norm1 = GroupNorm.of(weights.at("norm1"), in, groups, epsilon);
    Conv2d conv1 = Conv2d.of(weights.at("conv1"), in, out, 3);
    Linear timeEmbProj = Linear.of(weights.at("time_emb_proj"), time, out);
    GroupNorm norm2 = GroupNorm.of(weights.at("norm2"), out, groups, epsilon);
    Conv2d conv2 = Conv2d.of(weights.at("conv2"), out, out, 3);
    Layer convShortcut =
        in == out ? Layer.IDENTITY : Conv2d.of(weights.at("conv_shortcut"), in, out, 1);
    return new ResnetBlock(norm1, conv1, timeEmbProj, norm2, conv2, convShortcut);
  }

  /// Refines features, given how noisy they are.
  ///
  /// @param x features `[N, Cin, H, W]`
  /// @param time timestep embedding after its nonlinearity, `[N, T]`, perhaps of more rows, which
  ///   repeat
  /// @return features `[N, Cout, H, W]`
  Tensor forward(Tensor x, Tensor time) {
    return Scope.tidy(() -> {
      long rows = x.size(0);
      Tensor shift = timeEmbProj.forward(time).slice(0, 0, rows); // [N, Cout]
      Tensor h = half(norm1, conv1, x, false, shift.reshape(rows, -1, 1, 1));
      return half(norm2, conv2, h, true, convShortcut.forward(x));
    });
  }

  /// Norm, activation, convolution, plus `other`: `[N, Cout, H, W]`; `last` if nothing else uses
  /// `x`.
  private static Tensor half(GroupNorm norm, Conv2d conv, Tensor x, boolean last, Tensor other) {
    return Scope.tidy(() -> conv.forwardPlus(norm.activated(x, last), other));
  }
}
