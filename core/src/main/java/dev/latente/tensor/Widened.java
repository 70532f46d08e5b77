package dev.latente.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/// Weights kept in fewer bits, made f32 for the one operation that uses them.
///
/// They are widened into memory that a thread uses again and again: into fresh memory it takes six
/// times as long. The values are those that widening all weights at loading would give.
final class Widened {
  private static final ThreadLocal<Buffer> BUFFERS = ThreadLocal.withInitial(Buffer::new);

  private Widened() {}

  /// `weight`, or on a processor, where `x` is f32 and `weight` is not, its values as f32, which
  /// hold until the next call on this thread.
  static Tensor forUseWith(Tensor x, Tensor weight) {
    boolean lent = weight instanceof NativeLent;
    boolean narrow = weight.is_cpu() && !isFloat(weight) && weight.is_floating_point();
    return isFloat(x) && (lent || narrow) ? filled(weight) : weight;
  }

  /// The values of `weight` as f32, which hold until the next call on this thread.
  static Tensor filled(Tensor weight) {
    return OperationProfile.call("widen", () -> BUFFERS.get().filled(weight));
  }

  /// `x` as tensors usually are: a copy in f32 if it is [lent][NativeLent], else itself.
  static Tensor plain(Tensor x) {
    if (!(x instanceof NativeLent lent)) {
      return x;
    }
    Tensor floats = torch.empty(Native.shape(x), new TensorOptions(torch.ScalarType.Float), null);
    lent.read(floats);
    return floats;
  }

  private static boolean isFloat(Tensor x) {
    return x.scalar_type().value == torch.ScalarType.Float.value;
  }

  private static final class Buffer {
    private Tensor memory = empty(0);

    private static Tensor empty(long count) {
      Tensor made = torch.empty(count);
      made.retainReference();
      return made;
    }

    Tensor filled(Tensor weight) {
      long count = weight.numel();
      if (memory.numel() < count) {
        memory.releaseReference();
        memory = empty(count);
      }
      Tensor view = memory.narrow(0, 0, count).view(weight.sizes());
      if (weight instanceof NativeLent lent) {
        lent.read(view);
      } else {
        view.copy_(weight);
      }
      return view;
    }
  }
}
