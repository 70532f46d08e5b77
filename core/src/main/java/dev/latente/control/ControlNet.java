package dev.latente.control;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning;
import dev.latente.unet.DownPath;
import dev.latente.unet.Residuals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A trained copy of the U-Net's way down that also sees a map, and adds what it makes of it to the
/// U-Net's features: [Zhang et al. (2023)](https://arxiv.org/abs/2302.05543).
///
/// Names follow the diffusers checkpoint (`ControlNetModel`).
public final class ControlNet implements ControlNetwork {
  private final ControlNetConfig config;
  private final DownPath downPath;
  private final MapEmbedding embedding;
  private final List<Conv2d> skips = new ArrayList<>();
  private final Conv2d middle;

  private ControlNet(Weights weights, ControlNetConfig config) {
    this.config = config;
    List<Integer> channels = config.unet().skipChannels();
    int first = channels.getFirst();
    int last = channels.getLast();
    downPath = DownPath.of(weights, config.unet());
    embedding =
        MapEmbedding.of(
            weights.at("controlnet_cond_embedding"),
            config.mapChannels(),
            config.embeddingChannels(),
            first);
    for (int i = 0; i < channels.size(); i++) {
      int width = channels.get(i);
      skips.add(Conv2d.of(weights.at("controlnet_down_blocks").at(i), width, width, 1));
    }
    middle = Conv2d.of(weights.at("controlnet_mid_block"), last, last, 1);
  }

  /// Builds the network of `config` from `weights`.
  public static ControlNet of(Weights weights, ControlNetConfig config) {
    return new ControlNet(weights, config);
  }

  /// The sizes it was built with.
  public ControlNetConfig config() {
    return config;
  }

  @Override
  public int mapChannels() {
    return config.mapChannels();
  }

  @Override
  public int multiple() {
    return config.downscale();
  }

  /// What a U-Net should add to its features, to follow maps; for training, and frees nothing.
  ///
  /// @param x latents `[N, C, H, W]`
  /// @param timesteps noise levels of training, `[N]`
  /// @param map pictures `[N or 1, Cm, s·H, s·W]`, 0 to 1, with `s` the [#multiple]
  public Residuals forward(Tensor x, Tensor timesteps, Conditioning told, Tensor map) {
    return untidied(x, timesteps, told, embedding.forward(ordered(map)));
  }

  @Override
  public Guide guide(Tensor map) {
    Tensor hint = Scope.tidy(() -> embedding.forward(ordered(map))); // [1, C, h, w]
    return (x, timesteps, told) -> residuals(x, timesteps, told, hint);
  }

  private Tensor ordered(Tensor map) {
    if (!config.blueFirst()) {
      return map;
    }
    Tensor[] planes = map.chunk(config.mapChannels(), 1);
    return Tensor.concat(1, List.of(planes).reversed().toArray(Tensor[]::new));
  }

  /// @param hint the embedded map `[1, C, h, w]`
  private Residuals residuals(Tensor x, Tensor timesteps, Conditioning told, Tensor hint) {
    Tensor[] all =
        Scope.tidyAll(() -> {
          Residuals made = untidied(x, timesteps, told, hint);
          List<Tensor> residuals = new ArrayList<>(made.skips());
          residuals.add(made.middle().orElseThrow());
          return residuals.toArray(Tensor[]::new);
        });
    return Residuals.ofSkips(Arrays.asList(all).subList(0, skips.size()), all[skips.size()]);
  }

  private Residuals untidied(Tensor x, Tensor timesteps, Conditioning told, Tensor hint) {
    requireSize(x, hint);
    Tensor latents = x.slice(1, 0, config.unet().inChannels());
    Conditioning text = told.withoutGuidance().withReferences(List.of());
    DownPath.Features features =
        downPath.forward(latents, timesteps, text, Optional.of(hint), List.of());
    List<Tensor> residuals = new ArrayList<>();
    for (int i = 0; i < skips.size(); i++) {
      residuals.add(told(skips.get(i).forward(features.skips().get(i))));
    }
    return Residuals.ofSkips(residuals, told(middle.forward(features.middle())));
  }

  private Tensor told(Tensor residual) {
    return config.pooled() ? residual.mean(2, 3) : residual;
  }

  private static void requireSize(Tensor x, Tensor hint) {
    if (x.size(2) != hint.size(2) || x.size(3) != hint.size(3)) {
      throw new IllegalArgumentException(
          "a control map of %dx%d latents needs pictures of that size: %dx%d latents"
              .formatted(hint.size(3), hint.size(2), x.size(3), x.size(2)));
    }
  }
}
