package dev.latente.training;

import dev.latente.tensor.Tensor;

/// What training makes small.
@FunctionalInterface
public interface Objective {
  /// The loss on the samples of one step, a single number with its gradient.
  ///
  /// It depends on `step` and the weights alone, so that training that was stopped goes on exactly.
  ///
  /// @param step counted from 0
  Tensor loss(long step);
}
