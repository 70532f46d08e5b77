package dev.latente.vae;

import dev.latente.nn.Conv2d;
import dev.latente.nn.GroupNorm;
import dev.latente.nn.Layer;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Picture to the mean and log variance of its latents, before `quant_conv`.
record Encoder(Conv2d convIn, List<Layer> body, GroupNorm convNormOut, Conv2d convOut)
    implements Layer {
  static Encoder of(Weights weights, VaeConfig config) {
    List<Integer> channels = config.blockOutChannels();
    Conv2d convIn = Conv2d.of(weights.at("conv_in"), config.inChannels(), channels.getFirst(), 3);
    List<Layer> body = new ArrayList<>();
    for (int level = 0; level < channels.size(); level++) {
      body.addAll(Levels.down(weights.at("down_blocks").at(level), config, level));
    }
    body.addAll(Levels.middle(weights.at("mid_block"), config));
    return new Encoder(
        convIn,
        List.copyOf(body),
        GroupNorm.of(
            weights.at("conv_norm_out"),
            channels.getLast(),
            config.normNumGroups(),
            ResnetBlock.EPSILON),
        Conv2d.of(weights.at("conv_out"), channels.getLast(), 2 * config.latentChannels(), 3));
  }

  /// `[N, 3, H, W]` to `[N, 2C, H/8, W/8]`.
  @Override
  public Tensor forward(Tensor x) {
    Tensor h = convIn.forward(x);
    for (Layer layer : body) {
      h = layer.forward(h);
    }
    return convOut.forward(convNormOut.forward(h).silu());
  }
}
