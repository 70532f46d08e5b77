package dev.latente.vae;

import dev.latente.nn.Downsample;
import dev.latente.nn.Layer;
import dev.latente.nn.Upsample;
import dev.latente.nn.Weights;
import java.util.ArrayList;
import java.util.List;

/// The stacks of layers that encoder and decoder are made of.
final class Levels {
  private Levels() {}

  /// A level on the way down: residual blocks, then halving unless it is the last.
  static List<Layer> down(Weights weights, VaeConfig config, int level) {
    List<Integer> channels = config.blockOutChannels();
    int out = channels.get(level);
    int in = channels.get(Math.max(level - 1, 0));
    List<Layer> layers = resnets(weights, in, out, config.layersPerBlock(), config.normNumGroups());
    if (level < channels.size() - 1) {
      layers.add(
          Downsample.of(weights.at("downsamplers.0"), out, Downsample.Border.RIGHT_AND_BOTTOM));
    }
    return layers;
  }

  /// Level `step` on the way up, counted from the smallest: residual blocks, then doubling unless
  /// it is the last.
  static List<Layer> up(Weights weights, VaeConfig config, int step) {
    List<Integer> channels = config.blockOutChannels().reversed();
    int out = channels.get(step);
    int in = channels.get(Math.max(step - 1, 0));
    List<Layer> layers =
        resnets(weights, in, out, config.layersPerBlock() + 1, config.normNumGroups());
    if (step < channels.size() - 1) {
      layers.add(Upsample.of(weights.at("upsamplers.0"), out));
    }
    return layers;
  }

  /// The smallest level: residual block, attention if the config has it, residual block.
  static List<Layer> middle(Weights weights, VaeConfig config) {
    int channels = config.blockOutChannels().getLast();
    int groups = config.normNumGroups();
    List<Layer> layers = new ArrayList<>();
    if (config.midBlockAddAttention()) {
      layers.add(AttentionBlock.of(weights.at("attentions.0"), channels, groups));
    }
    layers.addFirst(ResnetBlock.of(weights.at("resnets.0"), channels, channels, groups));
    layers.add(ResnetBlock.of(weights.at("resnets.1"), channels, channels, groups));
    return layers;
  }

  private static List<Layer> resnets(Weights weights, int in, int out, int count, int groups) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      layers.add(ResnetBlock.of(weights.at("resnets").at(i), i == 0 ? in : out, out, groups));
    }
    return layers;
  }
}
