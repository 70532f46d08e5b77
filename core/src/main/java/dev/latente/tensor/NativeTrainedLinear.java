package dev.latente.tensor;

import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Linear maps by [NativeTiled], with gradients on all threads; libtorch's run on one.
///
/// The derivatives by `x` are such a map too. Those by the weight and the bias are oneDNN's of a
/// convolution of single pixels, which is the same.
final class NativeTrainedLinear {
  private NativeTrainedLinear() {}

  /// Whether a gradient flows through the map of `x` `[…, in]` by `weight` `[out, in]`, and it can
  /// be had this way; not while [Autocast] makes it one in bf16.
  static boolean suits(Tensor x, Tensor weight) {
    return weight.requires_grad()
        && !torch.is_autocast_enabled(torch.DeviceType.CPU)
        && NativeTiled.suits(x.detach(), weight.detach());
  }

  /// `x · weightᵀ + bias`.
  static Tensor linear(Tape tape, Tensor x, Tensor weight, Optional<Tensor> bias) {
    Tensor rows = x.detach().contiguous();
    Tensor matrix = weight.detach();
    Tensor y = NativeTiled.trained(rows, matrix, bias.map(Tensor::detach));
    boolean deep = x.requires_grad();
    NativeGradient.Backward backward = dy -> derivatives(rows, matrix, deep, dy.contiguous());
    List<Tensor> saved = List.of(rows, matrix);
    return bias.isPresent()
        ? NativeGradient.attach(tape, y, backward, saved, x, weight, bias.get())
        : NativeGradient.attach(tape, y, backward, saved, x, weight);
  }

  private static Tensor[] derivatives(Tensor x, Tensor weight, boolean deep, Tensor dy) {
    Tensor dx =
        deep ? NativeTiled.trained(dy, weight.t().contiguous(), Optional.empty()) : new Tensor();
    long out = weight.size(0);
    long in = weight.size(1);
    try (BoolPointer wanted = new BoolPointer(3).put(0, false).put(1, true).put(2, true)) {
      var found =
          torch.convolution_backward(
              pixels(dy),
              pixels(x),
              weight.view(out, in, 1, 1),
              new long[] {out},
              new long[] {1, 1},
              new long[] {0, 0},
              new long[] {1, 1},
              false,
              new long[] {0, 0},
              1,
              wanted);
      return new Tensor[] {dx, found.get1().view(out, in), found.get2()};
    }
  }

  /// `[N, L, C]` as a map `[N, C, L, 1]` whose channels lie last.
  private static Tensor pixels(Tensor x) {
    long channels = x.size(-1);
    long pictures = x.dim() > 2 ? x.size(0) : 1;
    return x.reshape(pictures, -1, 1, channels).permute(0, 3, 1, 2);
  }
}
