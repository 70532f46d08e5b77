package dev.latente.vae;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Layer;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import dev.latente.vae.Stage.Step;
import java.util.ArrayList;
import java.util.List;

/// The layers of a tiny autoencoder, which the checkpoint numbers all through. Not thread-safe.
final class TinyLayers {
  /// Latents are bent smoothly into ±3, as the network was trained.
  private static final double MOST = 3;

  private final Weights weights;
  private final int channels;
  private int next;

  private TinyLayers(Weights weights, int channels) {
    this.weights = weights;
    this.channels = channels;
  }

  /// `[N, 3, H, W]` in 0..1 to latents.
  static Encoder encoder(Weights weights, TinyVaeConfig config) {
    TinyLayers layers = new TinyLayers(weights, config.encoderBlockOutChannels().getFirst());
    List<Integer> counts = config.numEncoderBlocks();
    List<Stage> stages = new ArrayList<>();
    List<Block> level = new ArrayList<>();
    level.add(layers.convolution(config.inChannels(), layers.channels));
    layers.residuals(level, counts.getFirst());
    for (int i = 1; i < counts.size(); i++) {
      level.add(layers.halving());
      int reach = 1 + TinyBlock.REACH * counts.get(i - 1); // 1: the very first convolution
      stages.add(new Stage(Step.DOWN, level, reach, layers.channels));
      level = new ArrayList<>();
      layers.residuals(level, counts.get(i));
    }
    level.add(layers.convolution(layers.channels, config.latentChannels()));
    return new Encoder(stages, level);
  }

  /// Latents to `[N, 3, H, W]` in 0..1.
  static Decoder decoder(Weights weights, TinyVaeConfig config) {
    TinyLayers layers = new TinyLayers(weights, config.decoderBlockOutChannels().getFirst());
    List<Integer> counts = config.numDecoderBlocks();
    List<Block> whole = new ArrayList<>();
    whole.add((x, _) -> x.dividedBy(MOST).tanh().times(MOST));
    Block first = layers.convolution(config.latentChannels(), layers.channels);
    whole.add((x, norms) -> first.forward(x, norms).relu());
    layers.next++; // the activation has a number
    layers.residuals(whole, counts.getFirst());
    List<List<Block>> levels = new ArrayList<>();
    for (int i = 1; i < counts.size(); i++) {
      List<Block> level = new ArrayList<>();
      level.add(layers.doubling());
      layers.residuals(level, counts.get(i));
      levels.add(level);
    }
    (levels.isEmpty() ? whole : levels.getLast())
        .add(layers.convolution(layers.channels, config.outChannels()));
    List<Stage> stages = new ArrayList<>();
    for (int i = 1; i < counts.size(); i++) {
      int reach = 2 + TinyBlock.REACH * counts.get(i); // convolutions after doubling, at the end
      stages.add(new Stage(Step.UP, levels.get(i - 1), reach, layers.channels));
    }
    return new Decoder(whole, stages);
  }

  private Weights numbered() {
    return weights.at(next++);
  }

  private Block convolution(int in, int out) {
    return Block.of(Conv2d.of(numbered(), in, out, 3));
  }

  private void residuals(List<Block> level, int count) {
    for (int i = 0; i < count; i++) {
      level.add(Block.of(TinyBlock.of(numbered(), channels)));
    }
  }

  private Block halving() {
    return Block.of(Conv2d.withoutBias(numbered(), channels, channels, 3, 2, 1));
  }

  private Block doubling() {
    next++; // the upsampling has a number
    Layer conv = Conv2d.withoutBias(numbered(), channels, channels, 3, 1, 1);
    return (x, _) -> conv.forward(doubled(x));
  }

  private static Tensor doubled(Tensor x) {
    return x.upsampleNearest(2 * x.size(2), 2 * x.size(3));
  }
}
