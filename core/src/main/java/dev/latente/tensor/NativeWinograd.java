package dev.latente.tensor;

import dev.latente.kernel.Kernels;
import dev.latente.kernel.Winograd;
import org.bytedeco.pytorch.Tensor;

/// Convolutions by [Winograd], with OpenBLAS's products.
final class NativeWinograd {
  private static final int KERNEL = 3;

  private NativeWinograd() {}

  /// Whether a convolution can be done this way: f32 on a processor, 3×3, stride 1, padding 1, no
  /// gradients.
  static boolean suits(Tensor x, Tensor weight, int stride, int padding) {
    return Kernels.available()
        && suitsSizes(x, weight, stride, padding)
        && NativeBlas.plain(x)
        && NativeBlas.plainWeight(weight);
  }

  /// The same by the sizes alone.
  static boolean suitsSizes(Tensor x, Tensor weight, int stride, int padding) {
    return stride == 1
        && padding == 1
        && x.dim() == 4
        && weight.size(2) == KERNEL
        && weight.size(3) == KERNEL
        && weight.size(0) % Winograd.LANES == 0
        && weight.size(1) % Winograd.LANES == 0;
  }

  /// What a convolution of `x` `[N, in, H, W]` to `out` channels is of.
  static Winograd.Shape shape(Tensor x, long out) {
    return new Winograd.Shape(
        (int) x.size(0), (int) x.size(2), (int) x.size(3), (int) x.size(1), (int) out);
  }

  /// The convolution of `x` `[N, in, H, W]` with `weight` `[out, in, 3, 3]`; the result lies
  /// channels last.
  static Tensor conv2d(Tensor x, Tensor weight, Tensor bias) {
    Tensor laidOut = Native.channelsLast(x);
    Winograd.Shape shape = shape(x, weight.size(0));
    Tensor y = NativeBlocks.fresh(shape.pictures(), shape.height(), shape.width(), shape.out());
    Winograd.convolve(
        shape,
        laidOut.data_ptr().address(),
        NativeBlas.rows(weight),
        bias.data_ptr().address(),
        y.data_ptr().address(),
        NativeBlas::multiply,
        Native.threads());
    return y.permute(0, 3, 1, 2);
  }
}
