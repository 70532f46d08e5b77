package dev.latente.unet;

import dev.latente.nn.Conv2d;
import dev.latente.nn.GroupNorm;
import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The network that estimates the noise in latents, told their noise level, the text and perhaps
/// more.
///
/// [Rombach et al. (2022)](https://arxiv.org/abs/2112.10752), section 3.3 and appendix E: down
/// through levels of ever smaller pictures, through the bottom, and up again with what each level
/// left. Names follow the diffusers checkpoint (`UNet2DConditionModel`), and layers are built in
/// diffusers' order, so that a seed gives PyTorch's fresh weights.
public final class UNet {
  /// How many layers of each way do not count as inner: the first convolution and the block that
  /// sees it again at the end, DeepCache's fastest "branch".
  private static final int OUTERMOST = 1;

  private final UNetConfig config;
  private final DownPath downPath;
  private final List<UpBlock> upBlocks = new ArrayList<>();
  private final GroupNorm convNormOut;
  private final Conv2d convOut;

  private UNet(Weights weights, UNetConfig config) {
    this.config = config;
    int first = config.blockOutChannels().getFirst();
    downPath = DownPath.of(weights, config);
    Deque<Integer> skipChannels = new ArrayDeque<>(config.skipChannels().reversed());
    for (int step = 0; step < config.levels(); step++) {
      upBlocks.add(UpBlock.of(weights.at("up_blocks").at(step), config, step, skipChannels));
    }
    convNormOut =
        GroupNorm.of(weights.at("conv_norm_out"), first, config.normNumGroups(), config.normEps());
    convOut = Conv2d.of(weights.at("conv_out"), first, config.outChannels(), 3);
  }

  /// Builds the network of `config` from `weights`.
  public static UNet of(Weights weights, UNetConfig config) {
    return new UNet(weights, config);
  }

  /// The sizes it was built with.
  public UNetConfig config() {
    return config;
  }

  /// The places where it looks at the text, in the order in which reference models count them: the
  /// way down, the way up, the bottom.
  public List<CrossAttention> crossAttentions() {
    Stream<SpatialTransformer> up = upBlocks.stream().flatMap(block -> block.attentions().stream());
    return Stream.of(downPath.attentions(), up, downPath.middleAttentions())
        .flatMap(part -> part)
        .flatMap(transformer -> transformer.blocks().stream())
        .map(TransformerBlock::cross)
        .toList();
  }

  /// What the network was trained to tell of noisy latents: their noise, or `v`.
  ///
  /// @param x latents `[N, C, H, W]` of variance about 1, and any extra input channels
  /// @param timesteps noise levels of training, 0 to 999, `[N]`
  /// @param text hidden states `[N, S, E]`
  /// @return `[N, Cout, H, W]`
  public Tensor forward(Tensor x, Tensor timesteps, Tensor text) {
    return forward(x, timesteps, Conditioning.of(text));
  }

  /// As [#forward(Tensor, Tensor, Tensor)], for networks that are told more than the text.
  ///
  /// @throws IllegalArgumentException if `told` has more or less than the network needs
  public Tensor forward(Tensor x, Tensor timesteps, Conditioning told) {
    return forward(x, timesteps, told, Residuals.NONE);
  }

  /// As [#forward(Tensor, Tensor, Conditioning)], guided by what other networks add.
  ///
  /// @throws IllegalArgumentException if the residuals are made for a network of other levels
  public Tensor forward(Tensor x, Tensor timesteps, Conditioning told, Residuals residuals) {
    return forward(x, timesteps, told, residuals, _ -> {});
  }

  /// @param inner told what the outermost layers of the way up begin with
  private Tensor forward(
      Tensor x, Tensor timesteps, Conditioning told, Residuals residuals, Consumer<Tensor> inner) {
    DownPath.Features down =
        downPath.forward(x, timesteps, told, Optional.empty(), residuals.levels()).plus(residuals);
    Deque<Tensor> skips = new ArrayDeque<>(down.skips().reversed());
    Tensor h = down.middle();
    for (UpBlock block : upBlocks.subList(0, upBlocks.size() - 1)) {
      h = block.forward(h, down.time(), told, skips);
    }
    int first = upBlocks.getLast().resnets().size() - OUTERMOST;
    h = upBlocks.getLast().refined(h, down.time(), told, skips, 0, first);
    inner.accept(h);
    return ended(h, down.time(), told, skips);
  }

  /// The output, by the last layers of the way up.
  private Tensor ended(Tensor h, Tensor time, Conditioning told, Deque<Tensor> skips) {
    UpBlock last = upBlocks.getLast();
    int end = last.resnets().size();
    Tensor refined = last.refined(h, time, told, skips, end - OUTERMOST, end);
    return convOut.forward(convNormOut.activated(refined, false));
  }

  /// As [#forward(Tensor, Tensor, Tensor)], freeing all but the result; for use, not for training.
  public Tensor predict(Tensor x, Tensor timesteps, Tensor text) {
    return predict(x, timesteps, Conditioning.of(text));
  }

  /// As [#forward(Tensor, Tensor, Conditioning)], freeing all but the result; for use, not for
  /// training.
  public Tensor predict(Tensor x, Tensor timesteps, Conditioning told) {
    return predict(x, timesteps, told, Residuals.NONE);
  }

  /// As [#forward(Tensor, Tensor, Conditioning, Residuals)], freeing all but the result; for use,
  /// not for training.
  public Tensor predict(Tensor x, Tensor timesteps, Conditioning told, Residuals residuals) {
    return Scope.tidy(() -> forward(x, timesteps, told, residuals));
  }

  /// As [#predict(Tensor, Tensor, Conditioning, Residuals)], keeping what the inner levels made.
  ///
  /// @param inner takes it
  public Tensor predictKeeping(
      Tensor x, Tensor timesteps, Conditioning told, Residuals residuals, InnerFeatures inner) {
    return Scope.tidy(() -> forward(x, timesteps, told, residuals, h -> inner.keep(h, residuals)));
  }

  /// As [#predict(Tensor, Tensor, Conditioning)] by the outermost layers alone: what the inner
  /// levels made, and what other networks added, is taken as it was for another noise level.
  ///
  /// @param inner features of as many latents of the same size
  /// @throws IllegalStateException if there are none yet
  public Tensor predictOutermost(
      Tensor x, Tensor timesteps, Conditioning told, InnerFeatures inner) {
    InnerFeatures.Kept kept = inner.kept();
    return Scope.tidy(() -> {
      Tensor time = downPath.time(x, timesteps, told);
      List<Tensor> levels = kept.residuals().levels();
      List<Tensor> left = downPath.outermost(x, time, told, levels, OUTERMOST);
      Deque<Tensor> skips = new ArrayDeque<>(kept.residuals().onSkips(left).reversed());
      return ended(kept.h(), time, told, skips);
    });
  }
}
