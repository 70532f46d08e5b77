package dev.latente.lora;

import dev.latente.tensor.Tensor;

/// GLoRA, a change of low rank and one that is multiplied with the weight: [Chavan et al.
/// (2023)](https://arxiv.org/abs/2306.07967), as LyCORIS writes it: `W·A + B`.
///
/// @param a what the weight is multiplied with, `[in, in]`
/// @param b what is added, `[out, in]`
/// @param scale `alpha / rank`
public record Generalized(Factors a, Factors b, double scale) implements Change {
  @Override
  public Tensor of(Tensor weight) {
    Tensor matrix = weight.reshape(weight.size(0), -1); // [out, in]
    return matrix.matmul(a.product()).plus(b.product()).reshape(weight.shape()).times(scale);
  }
}
