package dev.latente.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Storage;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Memory for what kernels make: the blocks of a [TensorReuse]. Not thread-safe.
final class NativeBlocks {
  // Smaller ones are found in little time.
  private static final long LEAST_NUMBERS = 1 << 18;

  // By their size, those that were used last at the end.
  private final Map<Long, List<Tensor>> blocks = new HashMap<>();

  /// An f32 tensor of the given shape whose content is not defined.
  static Tensor fresh(long... shape) {
    @Nullable NativeBlocks here = TensorReuse.here();
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    return here == null || count < LEAST_NUMBERS ? empty(shape) : here.within(shape, count);
  }

  private Tensor within(long[] shape, long count) {
    Storage storage = free(count).storage();
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int dim = shape.length - 1; dim >= 0; dim--) {
      strides[dim] = stride;
      stride *= shape[dim];
    }
    return empty(0).set_(storage, 0, shape, strides);
  }

  /// A block that no tensor uses: the one that was used last, or a new one.
  private Tensor free(long count) {
    List<Tensor> alike = blocks.computeIfAbsent(count, _ -> new ArrayList<>());
    for (int i = alike.size() - 1; i >= 0; i--) {
      if (alike.get(i).storage().use_count() == 1) {
        Tensor found = alike.remove(i);
        alike.add(found);
        return found;
      }
    }
    Tensor made = empty(count);
    made.retainReference();
    alike.add(made);
    return made;
  }

  private static Tensor empty(long... shape) {
    return torch.empty(shape, new TensorOptions(), null);
  }

  /// Frees what no tensor uses; the rest is freed with the tensors that do.
  void release() {
    blocks.values().forEach(alike -> alike.forEach(Tensor::releaseReference));
    blocks.clear();
  }
}
