package dev.latente.lora;

import dev.latente.tensor.Tensor;
import java.util.Arrays;

/// Which of a weight's two first dimensions numbers belong to.
public enum Axis {
  /// One number for each output.
  OUTPUT(0),
  /// One number for each input.
  INPUT(1);

  private final int dim;

  Axis(int dim) {
    this.dim = dim;
  }

  /// `numbers` laid along this dimension of `weight`.
  Tensor along(Tensor numbers, Tensor weight) {
    long[] shape = weight.shape();
    long own = shape[dim];
    Arrays.fill(shape, 1);
    shape[dim] = own;
    return numbers.reshape(shape);
  }

  /// The Euclidean norm of `weight` over all other dimensions, which stay with size 1.
  Tensor norm(Tensor weight) {
    int[] others = new int[weight.shape().length - 1];
    Arrays.setAll(others, i -> i < dim ? i : i + 1);
    return weight.square().sum(others).sqrt();
  }
}
