package dev.latente.unet;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Weights;
import dev.latente.tensor.Repetition;
import dev.latente.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The first half of a U-Net: from noisy latents down through levels of ever smaller pictures, and
/// through the bottom.
///
/// A ControlNet has one of its own. Names follow the diffusers checkpoint (`UNet2DConditionModel`).
public final class DownPath {
  private final Conv2d convIn;
  private final LevelEmbedding levelEmbedding;
  private final List<DownBlock> downBlocks = new ArrayList<>();
  private final MidBlock midBlock;

  private DownPath(Weights weights, UNetConfig config) {
    int first = config.blockOutChannels().getFirst();
    convIn = Conv2d.of(weights.at("conv_in"), config.inChannels(), first, 3);
    levelEmbedding = LevelEmbedding.of(weights, config);
    for (int level = 0; level < config.levels(); level++) {
      downBlocks.add(DownBlock.of(weights.at("down_blocks").at(level), config, level));
    }
    midBlock = MidBlock.of(weights.at("mid_block"), config);
  }

  /// What the way down gives.
  ///
  /// @param skips what each layer left, the first layer's first, `[N, C, H, W]`
  /// @param middle what the bottom made of the last, `[N, C, H, W]`
  /// @param time the noise level and all else that concerns the whole picture, `[N, T]`
  public record Features(List<Tensor> skips, Tensor middle, Tensor time) {
    /// These, with `residuals` added to what the layers left and to what the bottom made.
    Features plus(Residuals residuals) {
      if (!residuals.skips().isEmpty()) {
        requireAsMany(residuals.skips().size());
      }
      List<Tensor> sums = residuals.onSkips(skips);
      return new Features(sums, residuals.middle().map(middle::plus).orElse(middle), time);
    }

    private void requireAsMany(int found) {
      if (found != skips.size()) {
        throw new IllegalArgumentException(
            "this U-Net needs residuals for %d layers: %d".formatted(skips.size(), found));
      }
    }
  }

  /// Builds the first half of the network of `config` from `weights`.
  public static DownPath of(Weights weights, UNetConfig config) {
    return new DownPath(weights, config);
  }

  /// The transformers of the way down, from the first layer to the last.
  Stream<SpatialTransformer> attentions() {
    return downBlocks.stream().flatMap(block -> block.attentions().stream());
  }

  /// The transformers of the bottom.
  Stream<SpatialTransformer> middleAttentions() {
    return midBlock.attentions().stream();
  }

  /// The features of latents `x` `[N, C, H, W]` of noise levels `timesteps` `[N]`.
  ///
  /// Rows that are told different texts, but are equal else, as guidance has them, are one until
  /// they look at the text.
  ///
  /// @param hint added to what the first convolution makes of `x`, `[N or 1, C, H, W]`
  /// @param levels added at the end of each level, and perhaps of the bottom
  public Features forward(
      Tensor x, Tensor timesteps, Conditioning told, Optional<Tensor> hint, List<Tensor> levels) {
    Tensor time = time(x, timesteps, told);
    // a hint is a ControlNet's, which looks at no pictures
    Conditioning seen = hint.isPresent() ? told.alone() : told;
    Deque<Tensor> skips = new ArrayDeque<>();
    Tensor first = convIn.forward(x);
    Tensor h = hint.map(first::plus).orElse(first);
    skips.push(h);
    h = h.slice(0, 0, own(x, time, seen, hint));
    Iterator<Tensor> residuals = levels.iterator();
    for (DownBlock block : downBlocks) {
      h = block.forward(h, time, seen, skips, residuals);
    }
    h = midBlock.forward(h, time, seen);
    if (residuals.hasNext()) {
      h = h.plus(residuals.next()); // an adapter may have one more level than the network
    }
    return new Features(List.copyOf(skips).reversed(), h, time);
  }

  /// How many first rows of `x` the others repeat until they look at the text.
  private long own(Tensor x, Tensor time, Conditioning seen, Optional<Tensor> hint) {
    boolean may =
        downBlocks.getFirst().looks()
            && seen.self() == SelfAttention.PLAIN
            && seen.rows() == x.size(0)
            && hint.stream().allMatch(one -> one.size(0) == 1);
    return may ? Repetition.period(x, time) : x.size(0);
  }

  /// The features of the first `count` layers alone, as [#forward] leaves them for the way up.
  List<Tensor> outermost(Tensor x, Tensor time, Conditioning told, List<Tensor> levels, int count) {
    Deque<Tensor> skips = new ArrayDeque<>();
    Tensor first = convIn.forward(x);
    skips.push(first);
    Tensor _ =
        downBlocks.getFirst().refined(first, time, told, skips, levels.iterator(), count - 1);
    return List.copyOf(skips).reversed();
  }

  /// The noise level and all else that concerns the whole picture, `[N, T]`.
  Tensor time(Tensor x, Tensor timesteps, Conditioning told) {
    return levelEmbedding.forward(x, timesteps, told).silu();
  }
}
