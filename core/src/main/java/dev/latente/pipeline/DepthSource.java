package dev.latente.pipeline;

import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.tensor.FeatureMaps;
import dev.latente.tensor.FeatureMaps.Interpolation;
import dev.latente.tensor.Tensor;

/// Where the depth comes from that a model draws after.
public sealed interface DepthSource {
  /// A map: the lighter, the nearer.
  record Map(GreyPicture map) implements DepthSource {}

  /// Estimated from a picture.
  ///
  /// @param by who estimates it, which must not be closed before the pictures are drawn
  record Estimated(DepthEstimator by, Picture of) implements DepthSource {}

  /// The depth as a network sees it, `[1, 1, height, width]`, -1 the farthest to 1 the nearest.
  ///
  /// As diffusers' `StableDiffusionDepth2ImgPipeline`: bicubic to the latents' size, then
  /// stretched.
  default Tensor nearness(int height, int width) {
    return switch (this) {
      case Map(GreyPicture map) -> {
        Tensor values = Tensor.of(map.toFloats(), 1, 1, map.height(), map.width());
        yield DepthEstimator.stretched(
            FeatureMaps.resize(values, height, width, Interpolation.BICUBIC));
      }
      case Estimated(DepthEstimator by, Picture of) -> by.nearness(of, height, width);
    };
  }
}
