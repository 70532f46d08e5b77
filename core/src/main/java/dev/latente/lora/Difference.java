package dev.latente.lora;

import dev.latente.tensor.Tensor;

/// A change stored whole: of a matrix, a bias or a norm.
public record Difference(Tensor change) implements Change {
  @Override
  public Tensor of(Tensor weight) {
    return change.reshape(weight.shape());
  }
}
