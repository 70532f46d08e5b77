package dev.latente.lora;

import dev.latente.tensor.Tensor;

/// What a file of changes does to one weight.
///
/// Its tensors are f32, as is the weight it is asked about, which may be a matrix `[out, in]`, a
/// convolution `[out, in, k, k]` or a vector `[out]`.
public sealed interface Change
    permits LowRank, Hadamard, Kronecker, Difference, Rescaling, Generalized, Decomposed {

  /// What is to be added to `weight` at strength 1, in the same shape.
  Tensor of(Tensor weight);
}
