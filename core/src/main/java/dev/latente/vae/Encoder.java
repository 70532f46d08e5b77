package dev.latente.vae;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Picture to what its latents are made of.
///
/// @param stages the levels that halve the picture, through which tiles can be taken
/// @param whole what sees all of the smallest map: its level, and the middle, whose attention looks
///   everywhere
record Encoder(List<Stage> stages, List<Block> whole) {
  Encoder {
    stages = List.copyOf(stages);
    whole = List.copyOf(whole);
  }

  /// The encoder of an [Autoencoder], before `quant_conv`.
  static Encoder of(Weights weights, VaeConfig config) {
    List<Integer> channels = config.blockOutChannels();
    int last = channels.size() - 1;
    Weights down = weights.at("down_blocks");
    List<List<Block>> levels = new ArrayList<>();
    for (int level = 0; level <= last; level++) {
      levels.add(new ArrayList<>());
    }
    levels
        .getFirst()
        .add(
            Block.of(
                Conv2d.of(weights.at("conv_in"), config.inChannels(), channels.getFirst(), 3)));
    for (int level = 0; level <= last; level++) {
      levels.get(level).addAll(Levels.down(down.at(level), config, level));
      if (level < last) {
        levels.get(level).add(Levels.halving(down.at(level), config, level));
      }
    }
    List<Block> whole = levels.removeLast();
    whole.addAll(Levels.middle(weights.at("mid_block"), config));
    whole.add(
        Ending.of(
            weights, channels.getLast(), config.normNumGroups(), 2 * config.latentChannels()));
    int reach = 1 + ResnetBlock.REACH * config.layersPerBlock(); // 1: the very first convolution
    List<Stage> stages = new ArrayList<>();
    for (int level = 0; level < last; level++) {
      stages.add(new Stage(Stage.Step.DOWN, levels.get(level), reach, channels.get(level)));
    }
    return new Encoder(stages, whole);
  }

  /// `[N, 3, H, W]` to `[N, 2C, H/8, W/8]`.
  Tensor forward(Tensor x, Tiling tiling) {
    Tensor h = TiledRun.forward(stages, tiling, x);
    return Block.chain(whole, h, Norms.OWN);
  }
}
