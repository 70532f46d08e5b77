package dev.latente.nn;

import dev.latente.tensor.Tensor;
import java.util.Map;

/// Where a model's weights come from.
public sealed interface WeightSource permits FreshWeights, StoredWeights {
  /// The weight called `name`, a full path such as `conv_in.weight`, of the given shape.
  Tensor tensor(String name, Init init, long... shape);

  /// All weights that were asked for, by name, in the order of asking.
  Map<String, Tensor> tensors();

  /// Frees the weights; the layers built from them must not be used after.
  default void release() {
    tensors().values().forEach(Tensor::release);
  }
}
