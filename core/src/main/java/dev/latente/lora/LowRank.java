package dev.latente.lora;

import dev.latente.tensor.Tensor;

/// LoRA, a change of low rank: [Hu et al. (2021)](https://arxiv.org/abs/2106.09685), section 4.1;
/// for convolutions [LyCORIS](https://arxiv.org/abs/2309.14859) (LoCon).
///
/// @param factors `up` and `down` of the files
/// @param scale `alpha / rank`
public record LowRank(Factors factors, double scale) implements Change {
  @Override
  public Tensor of(Tensor weight) {
    return factors.product().reshape(weight.shape()).times(scale);
  }
}
