package dev.latente.lora;

import dev.latente.tensor.Tensor;

/// LoHa, the product element by element of two changes of low rank: [Hyeon-Woo et al.
/// (2022)](https://arxiv.org/abs/2108.06098), proposition 1;
/// [LyCORIS](https://arxiv.org/abs/2309.14859).
///
/// @param scale `alpha / rank`
public record Hadamard(Factors first, Factors second, double scale) implements Change {
  @Override
  public Tensor of(Tensor weight) {
    return first.product().times(second.product()).reshape(weight.shape()).times(scale);
  }
}
