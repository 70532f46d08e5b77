package dev.latente.unet;

import dev.latente.nn.Upsample;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// A level on the way up: residual blocks that take in what the way down left, then doubling.
///
/// Names follow the diffusers checkpoint (`UpBlock2D`, `CrossAttnUpBlock2D`).
record UpBlock(
    List<ResnetBlock> resnets, List<SpatialTransformer> attentions, Optional<Upsample> upsampler) {

  /// Level `step` counted from the bottom; `skipChannels` are those of the tensors the way down
  /// left.
  static UpBlock of(Weights weights, UNetConfig config, int step, Deque<Integer> skipChannels) {
    int level = config.levels() - 1 - step;
    int out = config.blockOutChannels().get(level);
    int in = config.blockOutChannels().get(Math.min(level + 1, config.levels() - 1));
    boolean attends =
        switch (config.upBlockTypes().get(step)) {
          case UpBlock2D -> false;
          case CrossAttnUpBlock2D -> true;
        };
    List<ResnetBlock> resnets = new ArrayList<>();
    List<SpatialTransformer> attentions = new ArrayList<>();
    for (int i = 0; i < config.layersPerBlock().get(level) + 1; i++) {
      resnets.add(
          ResnetBlock.of(
              weights.at("resnets").at(i),
              (i == 0 ? in : out) + skipChannels.pop(),
              out,
              config.timeEmbedDim(),
              config.normNumGroups(),
              config.normEps()));
      if (attends) {
        attentions.add(SpatialTransformer.of(weights.at("attentions").at(i), config, level));
      }
    }
    Optional<Upsample> upsampler =
        level == 0 ? Optional.empty() : Optional.of(Upsample.of(weights.at("upsamplers.0"), out));
    return new UpBlock(List.copyOf(resnets), List.copyOf(attentions), upsampler);
  }

  /// Refines and doubles `x`, taking from `skips` what the way down left.
  ///
  /// @param x `[N, Cin, H, W]`
  /// @param time timestep embedding after its nonlinearity, `[N, T]`
  /// @param told the text, and pictures to look at
  Tensor forward(Tensor x, Tensor time, Conditioning told, Deque<Tensor> skips) {
    Tensor h = refined(x, time, told, skips, 0, resnets.size());
    if (upsampler.isEmpty()) {
      return h;
    }
    Tensor next = skips.element(); // its size: sides that were odd before halving come back odd
    return upsampler.get().to(h, next.size(2), next.size(3));
  }

  /// As [#forward], by the residual blocks from `first` to `end` (exclusive) and their transformers
  /// alone.
  Tensor refined(
      Tensor x, Tensor time, Conditioning told, Deque<Tensor> skips, int first, int end) {
    Tensor h = x;
    for (int i = first; i < end; i++) {
      h = resnets.get(i).forward(Tensor.concat(1, h, skips.pop()), time);
      if (!attentions.isEmpty()) {
        h = attentions.get(i).forward(h, told);
      }
    }
    return h;
  }
}
