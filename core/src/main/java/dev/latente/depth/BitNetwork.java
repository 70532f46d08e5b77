package dev.latente.depth;

import dev.latente.nn.GroupNorm;
import dev.latente.nn.Init;
import dev.latente.nn.Weights;
import dev.latente.tensor.FeatureMaps;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A residual network with standardised weights and group norms, "Big Transfer": [Kolesnikov et al.
/// (2020)](https://arxiv.org/abs/1912.11370).
///
/// Names follow transformers' `BitModel` with `bottleneck` layers and padding `SAME`.
record BitNetwork(StandardConv stem, GroupNorm stemNorm, List<List<Bottleneck>> stages) {
  private static final double NORM_EPSILON = 1e-5;
  private static final int STEM_KERNEL = 7;
  private static final int POOL_KERNEL = 3;
  private static final int HALVING = 2;

  static BitNetwork of(Weights weights, BitConfig config) {
    List<List<Bottleneck>> stages = new ArrayList<>();
    int before = config.embeddingSize();
    for (int stage = 0; stage < config.depths().size(); stage++) {
      int out = Bottleneck.even(config.hiddenSizes().get(stage));
      List<Bottleneck> layers = new ArrayList<>();
      for (int i = 0; i < config.depths().get(stage); i++) {
        int stride = stage > 0 && i == 0 ? HALVING : 1;
        layers.add(
            Bottleneck.of(
                weights.at("encoder.stages").at(stage).at("layers").at(i),
                i == 0 ? before : out,
                out,
                stride,
                i == 0,
                config.groups()));
      }
      before = out;
      stages.add(List.copyOf(layers));
    }
    Weights embedder = weights.at("embedder");
    return new BitNetwork(
        StandardConv.of(
            embedder.at("convolution"), 3, config.embeddingSize(), STEM_KERNEL, HALVING),
        norm(embedder.at("norm"), config.embeddingSize(), config.groups()),
        List.copyOf(stages));
  }

  static GroupNorm norm(Weights weights, int channels, int groups) {
    return GroupNorm.of(weights, channels, groups, NORM_EPSILON);
  }

  /// The outputs of each stage for pictures `[N, 3, H, W]`; the first is a quarter of their size.
  List<Tensor> forward(Tensor x) {
    Tensor h = stemNorm.forward(stem.forward(x)).relu();
    h = FeatureMaps.maxPool(StandardConv.same(h, POOL_KERNEL, HALVING), POOL_KERNEL, HALVING);
    List<Tensor> outputs = new ArrayList<>();
    for (List<Bottleneck> stage : stages) {
      for (Bottleneck layer : stage) {
        h = layer.forward(h);
      }
      outputs.add(h);
    }
    return List.copyOf(outputs);
  }

  /// A convolution whose weights are brought to mean 0 and variance 1 for each output: Qiao et al.
  /// (2019), <https://arxiv.org/abs/1903.10520>.
  record StandardConv(Tensor weight, int kernel, int stride) {
    private static final double EPSILON = 1e-8;

    static StandardConv of(Weights weights, int in, int out, int kernel, int stride) {
      Init init = Init.fanIn((long) in * kernel * kernel);
      return new StandardConv(
          weights.tensor("weight", init, out, in, kernel, kernel), kernel, stride);
    }

    Tensor forward(Tensor x) {
      Tensor rows = weight.reshape(weight.size(0), -1);
      Tensor centred = rows.minus(rows.mean(1));
      Tensor deviation = centred.square().mean(1).plus(EPSILON).sqrt();
      Tensor standard = centred.dividedBy(deviation).reshape(weight.shape());
      return FeatureMaps.convolution(same(x, kernel, stride), standard, stride);
    }

    /// Zeros around `x` so that it is divided by `stride`, rounded up; the odd one at the right and
    /// the bottom.
    static Tensor same(Tensor x, int kernel, int stride) {
      int down = padding(x.size(2), kernel, stride);
      int across = padding(x.size(3), kernel, stride);
      return down == 0 && across == 0
          ? x
          : x.pad(across / 2, across - across / 2, down / 2, down - down / 2);
    }

    private static int padding(long size, int kernel, int stride) {
      long outputs = (size + stride - 1) / stride;
      return (int) Math.max((outputs - 1) * stride + kernel - size, 0);
    }
  }

  /// A residual block that is narrow in the middle.
  record Bottleneck(
      StandardConv conv1,
      GroupNorm norm1,
      StandardConv conv2,
      GroupNorm norm2,
      StandardConv conv3,
      GroupNorm norm3,
      Optional<StandardConv> shortcut,
      Optional<GroupNorm> shortcutNorm) {
    private static final int NARROWING = 4;
    private static final int MULTIPLE = 8;
    private static final double LEAST_SHARE = 0.9;

    static Bottleneck of(Weights weights, int in, int out, int stride, boolean first, int groups) {
      int middle = even(out / (double) NARROWING);
      Weights down = weights.at("downsample");
      return new Bottleneck(
          StandardConv.of(weights.at("conv1"), in, middle, 1, 1),
          norm(weights.at("norm1"), middle, groups),
          StandardConv.of(weights.at("conv2"), middle, middle, 3, stride),
          norm(weights.at("norm2"), middle, groups),
          StandardConv.of(weights.at("conv3"), middle, out, 1, 1),
          norm(weights.at("norm3"), out, groups),
          first
              ? Optional.of(StandardConv.of(down.at("conv"), in, out, 1, stride))
              : Optional.empty(),
          first ? Optional.of(norm(down.at("norm"), out, groups)) : Optional.empty());
    }

    /// The multiple of 8 nearest to `channels`, but not much less.
    static int even(double channels) {
      int nearest = Math.max(MULTIPLE, (int) (channels + MULTIPLE / 2.0) / MULTIPLE * MULTIPLE);
      return nearest < LEAST_SHARE * channels ? nearest + MULTIPLE : nearest;
    }

    Tensor forward(Tensor x) {
      Tensor past =
          shortcut.isEmpty() ? x : shortcutNorm.orElseThrow().forward(shortcut.get().forward(x));
      Tensor h = norm1.forward(conv1.forward(x)).relu();
      h = norm2.forward(conv2.forward(h)).relu();
      return norm3.forward(conv3.forward(h)).plus(past).relu();
    }
  }
}
