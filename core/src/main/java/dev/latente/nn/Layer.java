package dev.latente.nn;

import dev.latente.tensor.Tensor;

/// A map of features to features.
@FunctionalInterface
public interface Layer {
  /// Passes its input on.
  Layer IDENTITY = x -> x;

  /// What the layer makes of `x`.
  Tensor forward(Tensor x);
}
