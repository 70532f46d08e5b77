package dev.latente.unet;

import dev.latente.nn.Downsample;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// A level on the way down: residual blocks, each perhaps with a transformer, then halving.
///
/// Names follow the diffusers checkpoint (`DownBlock2D`, `CrossAttnDownBlock2D`).
record DownBlock(
    List<ResnetBlock> resnets,
    List<SpatialTransformer> attentions,
    Optional<Downsample> downsampler) {

  static DownBlock of(Weights weights, UNetConfig config, int level) {
    int out = config.blockOutChannels().get(level);
    int before =
        level == 0
            ? config.blockOutChannels().getFirst()
            : config.blockOutChannels().get(level - 1);
    boolean attends =
        switch (config.downBlockTypes().get(level)) {
          case DownBlock2D -> false;
          case CrossAttnDownBlock2D -> true;
        };
    List<ResnetBlock> resnets = new ArrayList<>();
    List<SpatialTransformer> attentions = new ArrayList<>();
    for (int i = 0; i < config.layersPerBlock().get(level); i++) {
      resnets.add(
          ResnetBlock.of(
              weights.at("resnets").at(i),
              i == 0 ? before : out,
              out,
              config.timeEmbedDim(),
              config.normNumGroups(),
              config.normEps()));
      if (attends) {
        attentions.add(SpatialTransformer.of(weights.at("attentions").at(i), config, level));
      }
    }
    Optional<Downsample> downsampler =
        level == config.levels() - 1
            ? Optional.empty()
            : Optional.of(
                Downsample.of(weights.at("downsamplers.0"), out, Downsample.Border.AROUND));
    return new DownBlock(List.copyOf(resnets), List.copyOf(attentions), downsampler);
  }

  /// Whether the pixels of each of its results have looked at the text.
  boolean looks() {
    return !attentions.isEmpty();
  }

  /// Refines and halves `x`, leaving each result on `skips` for the way up.
  ///
  /// @param x `[N, Cin, H, W]`; or its first rows, which the others repeat until pixels look at the
  ///   text
  /// @param time timestep embedding after its nonlinearity, `[N, T]`
  /// @param told the text, and pictures to look at
  /// @param residuals the next is added to the last features; where a level has transformers, to
  ///   those before halving: so the adapters were trained
  Tensor forward(
      Tensor x, Tensor time, Conditioning told, Deque<Tensor> skips, Iterator<Tensor> residuals) {
    Tensor h = refined(x, time, told, skips, residuals, resnets.size());
    if (downsampler.isPresent()) {
      h = downsampler.get().forward(h);
      if (attentions.isEmpty() && residuals.hasNext()) {
        h = h.plus(residuals.next());
      }
      skips.push(h);
    }
    return h;
  }

  /// As [#forward], by the first `count` residual blocks and their transformers alone.
  Tensor refined(
      Tensor x,
      Tensor time,
      Conditioning told,
      Deque<Tensor> skips,
      Iterator<Tensor> residuals,
      int count) {
    Tensor h = x;
    for (int i = 0; i < count; i++) {
      h = resnets.get(i).forward(h, time);
      if (!attentions.isEmpty()) {
        h = attentions.get(i).forward(h, told);
      }
      boolean beforeHalving = !attentions.isEmpty() || downsampler.isEmpty();
      if (beforeHalving && i == resnets.size() - 1 && residuals.hasNext()) {
        h = h.plus(residuals.next());
      }
      skips.push(h);
    }
    return h;
  }
}
