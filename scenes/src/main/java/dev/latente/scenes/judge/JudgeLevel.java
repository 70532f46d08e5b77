package dev.latente.scenes.judge;

import dev.latente.nn.Conv2d;
import dev.latente.nn.GroupNorm;
import dev.latente.nn.Layer;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// A level of the judge's network: a strided convolution, then residual blocks, then a norm.
record JudgeLevel(Conv2d entry, List<ResidualBlock> blocks, GroupNorm norm) implements Layer {
  static JudgeLevel of(Weights weights, Conv2d entry, int channels, int blocks) {
    return new JudgeLevel(
        entry,
        IntStream.range(0, blocks)
            .mapToObj(i -> ResidualBlock.of(weights.at("blocks").at(i), channels))
            .toList(),
        GroupNorm.of(weights.at("norm"), channels, ResidualBlock.GROUPS, ResidualBlock.EPSILON));
  }

  /// `[N, Cin, H, W]` to `[N, C, H', W']`.
  @Override
  public Tensor forward(Tensor x) {
    Tensor h = entry.forward(x);
    for (ResidualBlock block : blocks) {
      h = block.forward(h);
    }
    return norm.forward(h).silu();
  }
}
