package dev.latente.vae;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Latents to a picture.
///
/// @param whole what sees all of the latents: the middle, whose attention looks everywhere, and the
///   smallest level
/// @param stages the other levels, each of twice the size, through which tiles can be taken
record Decoder(List<Block> whole, List<Stage> stages) {
  Decoder {
    whole = List.copyOf(whole);
    stages = List.copyOf(stages);
  }

  /// The decoder of an [Autoencoder], after `post_quant_conv`.
  static Decoder of(Weights weights, VaeConfig config) {
    List<Integer> channels = config.blockOutChannels();
    int last = channels.size() - 1;
    Weights up = weights.at("up_blocks");
    List<Block> whole = new ArrayList<>();
    whole.add(
        Block.of(Conv2d.of(weights.at("conv_in"), config.latentChannels(), channels.getLast(), 3)));
    whole.addAll(Levels.middle(weights.at("mid_block"), config));
    whole.addAll(Levels.up(up.at(0), config, 0));
    List<List<Block>> levels = new ArrayList<>();
    for (int step = 1; step <= last; step++) {
      List<Block> level = new ArrayList<>();
      level.add(Levels.doubling(up.at(step - 1), config, step - 1));
      level.addAll(Levels.up(up.at(step), config, step));
      levels.add(level);
    }
    Ending ending =
        Ending.of(weights, channels.getFirst(), config.normNumGroups(), config.outChannels());
    (levels.isEmpty() ? whole : levels.getLast()).add(ending);
    // the convolution after doubling, the residual blocks, and in the last level the ending
    int reach = 1 + ResnetBlock.REACH * (config.layersPerBlock() + 1) + Ending.REACH;
    List<Stage> stages = new ArrayList<>();
    for (int step = 1; step <= last; step++) {
      int widest = channels.get(last - step + 1); // doubled first, then narrowed
      stages.add(new Stage(Stage.Step.UP, levels.get(step - 1), reach, widest));
    }
    return new Decoder(whole, stages);
  }

  /// `[N, C, H, W]` to `[N, 3, 8H, 8W]`.
  Tensor forward(Tensor x, Tiling tiling) {
    Tensor h = Block.chain(whole, x, Norms.OWN);
    return TiledRun.forward(stages, tiling, h);
  }
}
