package dev.latente.depth;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Weights;
import dev.latente.tensor.FeatureMaps;
import dev.latente.tensor.FeatureMaps.Interpolation;
import dev.latente.tensor.Tensor;

/// Joins a feature map with a coarser one and enlarges it: RefineNet's block, Ranftl et al. (2021),
/// section 3.1.
///
/// Names follow transformers' `DPTFeatureFusionLayer`.
record FusionLayer(Conv2d projection, Residual residualLayer1, Residual residualLayer2) {

  /// Two convolutions that are added to their input.
  record Residual(Conv2d convolution1, Conv2d convolution2) {
    static Residual of(Weights weights, int channels) {
      return new Residual(
          Conv2d.of(weights.at("convolution1"), channels, channels, 3),
          Conv2d.of(weights.at("convolution2"), channels, channels, 3));
    }

    Tensor forward(Tensor x) {
      return convolution2.forward(convolution1.forward(x.relu()).relu()).plus(x);
    }
  }

  static FusionLayer of(Weights weights, int channels) {
    return new FusionLayer(
        Conv2d.of(weights.at("projection"), channels, channels, 1),
        Residual.of(weights.at("residual_layer1"), channels),
        Residual.of(weights.at("residual_layer2"), channels));
  }

  /// The coarsest map, which has none to be joined with.
  Tensor forward(Tensor x, long height, long width) {
    Tensor h = residualLayer2.forward(x);
    h = FeatureMaps.resize(h, height, width, Interpolation.BILINEAR_CORNERS);
    return projection.forward(h);
  }

  /// `finer` joined with what came of the coarser ones.
  Tensor forward(Tensor coarser, Tensor finer, long height, long width) {
    boolean same = coarser.size(2) == finer.size(2) && coarser.size(3) == finer.size(3);
    Tensor fitting =
        same
            ? finer
            : FeatureMaps.resize(finer, coarser.size(2), coarser.size(3), Interpolation.BILINEAR);
    return forward(coarser.plus(residualLayer1.forward(fitting)), height, width);
  }
}
