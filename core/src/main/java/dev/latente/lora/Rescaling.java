package dev.latente.lora;

import dev.latente.tensor.Tensor;

/// (IA)³ as LyCORIS stores it, a factor for each output or input less 1: [Liu et al.
/// (2022)](https://arxiv.org/abs/2205.05638), section 3.3.
///
/// @param factors one number for each output or each input
public record Rescaling(Tensor factors, Axis axis) implements Change {
  @Override
  public Tensor of(Tensor weight) {
    return weight.times(axis.along(factors, weight));
  }
}
