package dev.latente.vae;

import dev.latente.nn.Conv2d;
import dev.latente.nn.GroupNorm;
import dev.latente.nn.Layer;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Latents to a picture, after `post_quant_conv`.
record Decoder(Conv2d convIn, List<Layer> body, GroupNorm convNormOut, Conv2d convOut)
    implements Layer {
  static Decoder of(Weights weights, VaeConfig config) {
    List<Integer> channels = config.blockOutChannels();
    Conv2d convIn =
        Conv2d.of(weights.at("conv_in"), config.latentChannels(), channels.getLast(), 3);
    List<Layer> body = new ArrayList<>(Levels.middle(weights.at("mid_block"), config));
    for (int step = 0; step < channels.size(); step++) {
      body.addAll(Levels.up(weights.at("up_blocks").at(step), config, step));
    }
    return new Decoder(
        convIn,
        List.copyOf(body),
        GroupNorm.of(
            weights.at("conv_norm_out"),
            channels.getFirst(),
            config.normNumGroups(),
            ResnetBlock.EPSILON),
        Conv2d.of(weights.at("conv_out"), channels.getFirst(), config.outChannels(), 3));
  }

  /// `[N, C, H, W]` to `[N, 3, 8H, 8W]`.
  @Override
  public Tensor forward(Tensor x) {
    Tensor h = convIn.forward(x);
    for (Layer layer : body) {
      h = layer.forward(h);
    }
    return convOut.forward(convNormOut.forward(h).silu());
  }
}
