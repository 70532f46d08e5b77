package dev.latente.tensor;

import dev.latente.kernel.Kernels;
import dev.latente.kernel.Winograd;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/// Convolutions by [Winograd], with OpenBLAS's products.
final class NativeWinograd {
  private static final int KERNEL = 3;

  // From CBLAS: cblas.h.
  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANSPOSE = 111;
  private static final int TRANSPOSE = 112;

  private NativeWinograd() {}

  /// A matrix at an address that something else owns.
  private static final class At extends FloatPointer {
    At(long address, long count) {
      super((Pointer) null);
      this.address = address;
      this.limit = count;
      this.capacity = count;
    }
  }

  /// Whether a convolution can be done this way: f32 on a processor, 3×3, stride 1, padding 1, no
  /// gradients.
  static boolean suits(Tensor x, Tensor weight, int stride, int padding) {
    return Kernels.available()
        && stride == 1
        && padding == 1
        && x.dim() == 4
        && weight.size(2) == KERNEL
        && weight.size(3) == KERNEL
        && weight.size(0) % Winograd.LANES == 0
        && weight.size(1) % Winograd.LANES == 0
        && x.is_cpu()
        && x.scalar_type().value == torch.ScalarType.Float.value
        && !x.requires_grad()
        && !weight.requires_grad();
  }

  /// What a convolution of `x` `[N, in, H, W]` to `out` channels is of.
  static Winograd.Shape shape(Tensor x, long out) {
    return new Winograd.Shape(
        (int) x.size(0), (int) x.size(2), (int) x.size(3), (int) x.size(1), (int) out);
  }

  /// `weight` `[out, in, 3, 3]` in the transformed domain, `[36, out, in]`.
  static Tensor transformed(Tensor weight) {
    Tensor matrix = Native.tensor(Winograd.weightTransform(), Winograd.POINTS, Winograd.TAPS);
    Tensor taps = Widened.plain(weight).toType(torch.ScalarType.Float).reshape(-1, Winograd.TAPS);
    return matrix
        .matmul(taps.transpose(0, 1))
        .reshape(Winograd.POINTS, weight.size(0), weight.size(1));
  }

  /// The convolution of `x` `[N, in, H, W]` with [transformed][#transformed] weights; the result
  /// lies channels last.
  static Tensor conv2d(Tensor x, Tensor transformed, Tensor bias) {
    Tensor laidOut = Native.channelsLast(x);
    Winograd.Shape shape = shape(x, transformed.size(1));
    Tensor y =
        torch.empty(
            new long[] {shape.pictures(), shape.height(), shape.width(), shape.out()},
            new TensorOptions(),
            null);
    Winograd.convolve(
        shape,
        laidOut.data_ptr().address(),
        transformed.data_ptr().address(),
        bias.data_ptr().address(),
        y.data_ptr().address(),
        NativeWinograd::multiply,
        Native.threads());
    return y.permute(0, 3, 1, 2);
  }

  private static void multiply(int rows, int in, int out, long x, long weight, long y) {
    openblas_nolapack.cblas_sgemm(
        ROW_MAJOR,
        NO_TRANSPOSE,
        TRANSPOSE,
        rows,
        out,
        in,
        1,
        new At(x, (long) rows * in),
        in,
        new At(weight, (long) out * in),
        in,
        0,
        new At(y, (long) rows * out),
        out);
  }
}
