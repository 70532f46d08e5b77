package dev.latente.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Weights kept in half precision, made f32 for the one operation that uses them.
///
/// They are widened into memory that a thread uses again and again: into fresh memory it takes six
/// times as long. The values are those that widening all weights at loading would give.
final class Widened {
  private static final ThreadLocal<Buffer> BUFFERS = ThreadLocal.withInitial(Buffer::new);

  private Widened() {}

  /// `weight`, or on a processor, where `x` is f32 and `weight` is not, its values as f32, which
  /// hold until the next call on this thread.
  static Tensor forUseWith(Tensor x, Tensor weight) {
    boolean narrow =
        weight.is_cpu() && isFloat(x) && !isFloat(weight) && weight.is_floating_point();
    return narrow ? OperationProfile.call("widen", () -> BUFFERS.get().filled(weight)) : weight;
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
      view.copy_(weight);
      return view;
    }
  }
}
