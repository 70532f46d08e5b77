package dev.latente.nn;

import dev.latente.tensor.Fused;
import dev.latente.tensor.Tensor;

/// Normalisation of groups of channels: [Wu & He (2018)](https://arxiv.org/abs/1803.08494).
///
/// @param weight scale of each channel, `[C]`
/// @param bias shift of each channel, `[C]`
/// @param groups number of groups
/// @param epsilon added to each variance
public record GroupNorm(Tensor weight, Tensor bias, int groups, double epsilon) implements Layer {
  /// A norm of `channels` channels.
  public static GroupNorm of(Weights weights, int channels, int groups, double epsilon) {
    return new GroupNorm(
        weights.tensor("weight", Init.ONES, channels),
        weights.tensor("bias", Init.ZEROS, channels),
        groups,
        epsilon);
  }

  /// `[N, C, H, W]`, normalised.
  @Override
  public Tensor forward(Tensor x) {
    return x.groupNorm(groups, weight, bias, epsilon);
  }

  /// `[N, C, H, W]`, normalised and then through SiLU.
  ///
  /// @param last whether nothing else uses `x`, now or later: its memory may be used again
  public Tensor activated(Tensor x, boolean last) {
    return Fused.groupNormSilu(x, groups, weight, bias, epsilon, last);
  }
}
