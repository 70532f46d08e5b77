package dev.latente.scenes.judge;

import dev.latente.nn.Conv2d;
import dev.latente.nn.GroupNorm;
import dev.latente.nn.Layer;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;

/// A convolution added to its input: [He et al. (2016)](https://arxiv.org/abs/1603.05027), figure 4
/// (e), with one convolution.
record ResidualBlock(GroupNorm norm, Conv2d conv) implements Layer {
  static final int GROUPS = 8;
  static final double EPSILON = 1e-5;

  static ResidualBlock of(Weights weights, int channels) {
    return new ResidualBlock(
        GroupNorm.of(weights.at("norm"), channels, GROUPS, EPSILON),
        Conv2d.of(weights.at("conv"), channels, channels, 3));
  }

  /// `[N, C, H, W]`, the same shape.
  @Override
  public Tensor forward(Tensor x) {
    return x.plus(conv.forward(norm.forward(x).silu()));
  }
}
