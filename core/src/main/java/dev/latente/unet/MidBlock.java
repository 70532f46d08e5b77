package dev.latente.unet;

import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;
import java.util.List;

/// The bottom of the U-Net: residual blocks with a transformer between each two.
///
/// Names follow the diffusers checkpoint (`UNetMidBlock2DCrossAttn`, `UNetMidBlock2D`).
record MidBlock(List<ResnetBlock> resnets, List<SpatialTransformer> attentions) {

  static MidBlock of(Weights weights, UNetConfig config) {
    int level = config.levels() - 1;
    return switch (config.midBlockType()) {
      case UNetMidBlock2DCrossAttn -> {
        ResnetBlock first = resnet(weights, config, 0);
        SpatialTransformer attention =
            SpatialTransformer.of(weights.at("attentions.0"), config, level);
        yield new MidBlock(List.of(first, resnet(weights, config, 1)), List.of(attention));
      }
      case UNetMidBlock2D -> new MidBlock(List.of(resnet(weights, config, 0)), List.of());
      case None -> new MidBlock(List.of(), List.of());
    };
  }

  private static ResnetBlock resnet(Weights weights, UNetConfig config, int i) {
    int channels = config.blockOutChannels().getLast();
    return ResnetBlock.of(
        weights.at("resnets").at(i),
        channels,
        channels,
        config.timeEmbedDim(),
        config.normNumGroups(),
        config.normEps());
  }

  /// `[N, C, H, W]` to the same shape.
  Tensor forward(Tensor x, Tensor time, Conditioning told) {
    Tensor h = x;
    for (int i = 0; i < resnets.size(); i++) {
      if (i > 0) {
        h = attentions.get(i - 1).forward(h, told);
      }
      h = resnets.get(i).forward(h, time);
    }
    return h;
  }
}
