package dev.latente.unet;

import dev.latente.nn.Conv2d;
import dev.latente.nn.GroupNorm;
import dev.latente.nn.Linear;
import dev.latente.nn.Rows;
import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// Transformer blocks over the pixels of a feature map: where the text enters the picture.
///
/// Names follow the diffusers checkpoint (`Transformer2DModel`). It is entered and left by a 1×1
/// convolution on the map (SD 1) or a linear map on the pixels (SD 2 and XL), which do the same.
record SpatialTransformer(
    GroupNorm norm, Projection projIn, List<TransformerBlock> blocks, Projection projOut) {
  private static final double EPSILON = 1e-6;

  /// A map of each pixel's channels.
  sealed interface Projection {
    /// On the feature map.
    record Convolution(Conv2d conv) implements Projection {}

    /// On the sequence of pixels.
    record Pixelwise(Linear linear) implements Projection {}

    static Projection of(Weights weights, int channels, boolean linear) {
      return linear
          ? new Pixelwise(Linear.of(weights, channels, channels))
          : new Convolution(Conv2d.of(weights, channels, channels, 1));
    }
  }

  /// The transformer of a level with `channels` channels and `heads` heads.
  static SpatialTransformer of(Weights weights, UNetConfig config, int level) {
    int channels = config.blockOutChannels().get(level);
    int heads = config.attentionHeads().get(level);
    boolean linear = config.useLinearProjection();
    boolean onlyCross = config.onlyCrossAttention().get(level);
    GroupNorm norm = GroupNorm.of(weights.at("norm"), channels, config.normNumGroups(), EPSILON);
    Projection projIn = Projection.of(weights.at("proj_in"), channels, linear);
    List<TransformerBlock> blocks =
        IntStream.range(0, config.transformerLayersPerBlock().get(level))
            .mapToObj(i ->
                TransformerBlock.of(
                    weights.at("transformer_blocks").at(i),
                    channels,
                    config.crossAttentionDim(),
                    heads,
                    onlyCross))
            .toList();
    return new SpatialTransformer(
        norm, projIn, blocks, Projection.of(weights.at("proj_out"), channels, linear));
  }

  /// `[N, C, H, W]` to the same shape.
  ///
  /// @param x or its first rows, which the others repeat
  /// @param told the text, and pictures to look at
  Tensor forward(Tensor x, Conditioning told) {
    return Scope.tidy(() -> changed(x, told));
  }

  private Tensor changed(Tensor x, Conditioning told) {
    Tensor h = norm.forward(x);
    h =
        switch (projIn) {
          case Projection.Convolution(Conv2d conv) -> pixels(conv.forward(h));
          case Projection.Pixelwise(Linear linear) -> linear.forward(pixels(h));
        }; // [N, H·W, C]
    for (TransformerBlock block : blocks) {
      h = block.forward(h, told);
    }
    Tensor all = Rows.repeated(x, h.size(0));
    return switch (projOut) {
      case Projection.Convolution(Conv2d conv) -> conv.forwardPlus(map(h, all), all);
      case Projection.Pixelwise(Linear linear) -> map(linear.forwardPlus(h, pixels(all)), all);
    }; // [N, C, H, W]
  }

  private static Tensor pixels(Tensor map) {
    return map.reshape(map.size(0), map.size(1), -1).transpose(1, 2);
  }

  private static Tensor map(Tensor pixels, Tensor like) {
    return pixels.transpose(1, 2).reshape(like.shape());
  }
}
