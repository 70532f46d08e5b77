package dev.latente.control;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Layer;
import dev.latente.nn.Weights;
import dev.latente.tensor.FeatureMaps;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.unet.Residuals;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A small network that turns a map into features, once, which are added to the U-Net's at every
/// step: [Mou et al. (2023)](https://arxiv.org/abs/2302.08453).
///
/// Names follow the diffusers checkpoint (`T2IAdapter`).
public final class T2iAdapter implements ControlNetwork {
  /// In light ones, residual blocks have this fraction of the features' channels.
  private static final int NARROWING = 4;

  private final T2iAdapterConfig config;
  private final Layer convIn;
  private final List<Level> levels = new ArrayList<>();

  /// One feature map: perhaps halved, brought to its width, refined.
  private record Level(boolean halves, Layer inConv, List<Block> blocks, Layer outConv) {
    Tensor forward(Tensor x) {
      Tensor h = inConv.forward(halves ? FeatureMaps.averagePool(x, 2) : x);
      for (Block block : blocks) {
        h = block.forward(h);
      }
      return outConv.forward(h);
    }
  }

  private record Block(Conv2d block1, Conv2d block2) {
    static Block of(Weights weights, int channels, int lastKernel) {
      return new Block(
          Conv2d.of(weights.at("block1"), channels, channels, 3),
          Conv2d.of(weights.at("block2"), channels, channels, lastKernel));
    }

    Tensor forward(Tensor x) {
      return block2.forward(block1.forward(x).relu()).plus(x);
    }
  }

  private T2iAdapter(Weights weights, T2iAdapterConfig config) {
    this.config = config;
    int in = config.mapChannels() * config.downscale() * config.downscale();
    int first = config.channels().getFirst();
    convIn =
        switch (config.type()) {
          case FULL_ADAPTER, FULL_ADAPTER_XL -> Conv2d.of(weights.at("conv_in"), in, first, 3);
          case LIGHT_ADAPTER -> Layer.IDENTITY;
        };
    List<Integer> widths = config.featureChannels();
    for (int i = 0; i < widths.size(); i++) {
      Weights at = weights.at("body").at(i);
      int width = widths.get(i);
      levels.add(
          switch (config.type()) {
            case FULL_ADAPTER -> full(at, i > 0, i == 0 ? first : widths.get(i - 1), width);
            // only the second and third may be of another width than the one before
            case FULL_ADAPTER_XL ->
                full(at, i == 2, i == 1 || i == 2 ? widths.get(i - 1) : width, width);
            case LIGHT_ADAPTER -> light(at, i > 0, i == 0 ? in : widths.get(i - 1), width);
          });
    }
  }

  /// Builds the adapter of `config` from `weights`.
  public static T2iAdapter of(Weights weights, T2iAdapterConfig config) {
    return new T2iAdapter(weights.at("adapter"), config);
  }

  private Level full(Weights weights, boolean halves, int in, int out) {
    Layer inConv = in == out ? Layer.IDENTITY : Conv2d.of(weights.at("in_conv"), in, out, 1);
    return new Level(halves, inConv, blocks(weights, out, 1), Layer.IDENTITY);
  }

  private Level light(Weights weights, boolean halves, int in, int out) {
    int narrow = out / NARROWING;
    return new Level(
        halves,
        Conv2d.of(weights.at("in_conv"), in, narrow, 1),
        blocks(weights, narrow, 3),
        Conv2d.of(weights.at("out_conv"), narrow, out, 1));
  }

  private List<Block> blocks(Weights weights, int channels, int lastKernel) {
    return IntStream.range(0, config.blocks())
        .mapToObj(i -> Block.of(weights.at("resnets").at(i), channels, lastKernel))
        .toList();
  }

  /// The sizes it was built with.
  public T2iAdapterConfig config() {
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

  @Override
  public Guide guide(Tensor map) {
    Residuals residuals = Residuals.ofLevels(features(map));
    return (_, _, _) -> residuals;
  }

  private List<Tensor> features(Tensor map) {
    Tensor[] features =
        Scope.tidyAll(() -> {
          Tensor[] given = new Tensor[levels.size()];
          Tensor h = convIn.forward(unshuffled(map, config.downscale()));
          for (int i = 0; i < given.length; i++) {
            h = levels.get(i).forward(h);
            given[i] = h;
          }
          return given;
        });
    return List.of(features);
  }

  /// `[N, C, H, W]` with the pixels of each square as channels, `[N, C·f·f, H/f, W/f]`: Shi et al.
  /// (2016), backwards.
  private static Tensor unshuffled(Tensor x, int f) {
    long channels = x.size(1);
    long height = x.size(2) / f;
    long width = x.size(3) / f;
    return x.reshape(x.size(0), channels, height, f, width, f)
        .permute(0, 1, 3, 5, 2, 4)
        .reshape(x.size(0), channels * f * f, height, width);
  }
}
