package dev.latente.vae;

import dev.latente.nn.Downsample;
import dev.latente.nn.Upsample;
import dev.latente.nn.Weights;
import java.util.ArrayList;
import java.util.List;

/// The stacks of blocks that encoder and decoder are made of.
final class Levels {
  private Levels() {}

  /// The residual blocks of a level on the way down.
  static List<Block> down(Weights weights, VaeConfig config, int level) {
    List<Integer> channels = config.blockOutChannels();
    int in = channels.get(Math.max(level - 1, 0));
    return resnets(weights, in, channels.get(level), config.layersPerBlock(), config);
  }

  /// What halves a level's map.
  static Block halving(Weights weights, VaeConfig config, int level) {
    int channels = config.blockOutChannels().get(level);
    return Block.of(
        Downsample.of(weights.at("downsamplers.0"), channels, Downsample.Border.RIGHT_AND_BOTTOM));
  }

  /// The residual blocks of level `step` on the way up, counted from the smallest.
  static List<Block> up(Weights weights, VaeConfig config, int step) {
    List<Integer> channels = config.blockOutChannels().reversed();
    int in = channels.get(Math.max(step - 1, 0));
    return resnets(weights, in, channels.get(step), config.layersPerBlock() + 1, config);
  }

  /// What doubles the map of level `step`.
  static Block doubling(Weights weights, VaeConfig config, int step) {
    int channels = config.blockOutChannels().reversed().get(step);
    return Block.of(Upsample.of(weights.at("upsamplers.0"), channels));
  }

  /// The smallest level: residual block, attention if the config has it, residual block.
  static List<Block> middle(Weights weights, VaeConfig config) {
    int channels = config.blockOutChannels().getLast();
    int groups = config.normNumGroups();
    List<Block> blocks = new ArrayList<>();
    if (config.midBlockAddAttention()) {
      blocks.add(AttentionBlock.of(weights.at("attentions.0"), channels, groups));
    }
    blocks.addFirst(ResnetBlock.of(weights.at("resnets.0"), channels, channels, groups));
    blocks.add(ResnetBlock.of(weights.at("resnets.1"), channels, channels, groups));
    return blocks;
  }

  private static List<Block> resnets(
      Weights weights, int in, int out, int count, VaeConfig config) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Weights at = weights.at("resnets").at(i);
      blocks.add(ResnetBlock.of(at, i == 0 ? in : out, out, config.normNumGroups()));
    }
    return blocks;
  }
}
