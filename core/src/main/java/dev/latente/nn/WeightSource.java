package dev.latente.nn;

import dev.latente.tensor.Tensor;
import java.util.Map;

/// Where a model's weights come from.
public sealed interface WeightSource
    permits FreshWeights, ListedWeights, ReplacedWeights, StoredWeights {
  /// The weight called `name`, a full path such as `conv_in.weight`, of the given shape.
  Tensor tensor(String name, Init init, long... shape);

  /// The same for a matrix or a convolution's kernels, which may come in a narrower precision than
  /// they are used in: [Tensor#linear], [Tensor#conv2d] and [Tensor#embedding] widen them.
  default Tensor matrix(String name, Init init, long... shape) {
    return tensor(name, init, shape);
  }

  /// All weights that were asked for, by name, in the order of asking.
  Map<String, Tensor> tensors();

  /// Lets the memory of files that weights lie in leave the process, until they are used again.
  default void rest() {}

  /// Says that the weights are used again and again from now on, so that they may be laid out in
  /// memory for that; to be closed when that is over. Several may be open.
  default Often often() {
    return () -> {};
  }

  /// A time in which weights are used again and again.
  @FunctionalInterface
  interface Often extends AutoCloseable {
    @Override
    void close();
  }

  /// Frees the weights; the layers built from them must not be used after.
  default void release() {
    tensors().values().forEach(Tensor::release);
  }
}
