package dev.latente.lora;

import dev.latente.tensor.Tensor;

/// DoRA, a change of direction and a new length: [Liu et al.
/// (2024)](https://arxiv.org/abs/2402.09353), equation 5.
///
/// Strengths other than 1 go a part of the way from the plain weight to the changed one.
///
/// @param direction what is added before the lengths are set
/// @param length of each output's weights, or of each input's
public record Decomposed(Change direction, Tensor length, Axis axis) implements Change {
  @Override
  public Tensor of(Tensor weight) {
    Tensor turned = weight.plus(direction.of(weight));
    Tensor factor = axis.along(length, weight).dividedBy(axis.norm(turned));
    return turned.times(factor).minus(weight);
  }
}
