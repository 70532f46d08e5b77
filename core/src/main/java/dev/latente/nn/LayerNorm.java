package dev.latente.nn;

import dev.latente.tensor.Tensor;

/// Normalisation of the last dimension: [Ba et al. (2016)](https://arxiv.org/abs/1607.06450).
///
/// @param weight scale of each feature, `[D]`
/// @param bias shift of each feature, `[D]`
/// @param epsilon added to each variance
public record LayerNorm(Tensor weight, Tensor bias, double epsilon) implements Layer {
  /// A norm of `features` features.
  public static LayerNorm of(Weights weights, int features, double epsilon) {
    return new LayerNorm(
        weights.tensor("weight", Init.ONES, features),
        weights.tensor("bias", Init.ZEROS, features),
        epsilon);
  }

  /// `[…, D]`, normalised.
  @Override
  public Tensor forward(Tensor x) {
    return x.layerNorm(weight, bias, epsilon);
  }
}
