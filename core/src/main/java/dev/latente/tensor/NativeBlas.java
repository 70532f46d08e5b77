package dev.latente.tensor;

import dev.latente.kernel.Rows;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// OpenBLAS's product on one thread, and tensors as the kernels take them.
final class NativeBlas {
  // From CBLAS: cblas.h.
  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANSPOSE = 111;
  private static final int TRANSPOSE = 112;

  private NativeBlas() {}

  /// A matrix at an address that something else owns.
  private static final class At extends FloatPointer {
    At(long address, long count) {
      super((Pointer) null);
      this.address = address;
      this.limit = count;
      this.capacity = count;
    }
  }

  /// A [dev.latente.kernel.Product].
  static void multiply(int rows, int in, int out, long x, long weight, long y, int stride) {
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
        new At(y, (long) rows * stride),
        stride);
  }

  /// Whether `x` is f32 in a processor's memory and no gradient flows through it.
  static boolean plain(Tensor x) {
    return x.is_cpu()
        && x.scalar_type().value == torch.ScalarType.Float.value
        && !x.requires_grad();
  }

  /// Whether `weight` is a processor's, in any precision that can be widened, without gradients,
  /// row after row.
  static boolean plainWeight(Tensor weight) {
    return weight.is_cpu()
        && weight.is_floating_point()
        && weight.element_size() <= Float.BYTES
        && !weight.requires_grad()
        && weight.is_contiguous();
  }

  /// `x + other`, written over `x`, a fresh result, unless gradients flow.
  static Tensor added(Tensor x, Tensor other) {
    return plain(x) && plain(other) ? Native.addTo(x, other) : x.add(other);
  }

  /// `weight` as kernels take it: one whose numbers are coded is widened as a whole, until the next
  /// call on this thread.
  static Tensor ready(Tensor x, Tensor weight) {
    return weight instanceof NativeLent lent && lent.isCoded()
        ? Widened.forUseWith(x, weight)
        : weight;
  }

  /// Says that a kernel has read `weight`, so that its part of a file may leave memory.
  static void used(Tensor weight) {
    if (weight instanceof NativeLent lent) {
      lent.used().run();
    }
  }

  /// The rows of `weight` `[out, …]`, widened to f32 if they are narrower.
  static Rows rows(Tensor weight) {
    if (weight.scalar_type().value == torch.ScalarType.Float.value) {
      long start = weight.data_ptr().address();
      long row = weight.numel() / weight.size(0) * Float.BYTES;
      return (from, count) -> start + from * row;
    }
    return (from, count) -> Widened.filled(weight.narrow(0, from, count)).data_ptr().address();
  }
}
