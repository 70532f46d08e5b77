package dev.latente.depth;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Init;
import dev.latente.nn.Layer;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.FeatureMaps;
import dev.latente.tensor.Tensor;
import java.util.Optional;

/// Tokens as a feature map of some size: [Ranftl et al. (2021)](https://arxiv.org/abs/2103.13413),
/// section 3.1.
///
/// Names follow transformers' `DPTReassembleStage`.
///
/// @param readoutProject maps a patch's features beside those of the whole picture
record Reassembly(
    DepthConfig.Readout readout, Optional<Linear> readoutProject, Conv2d projection, Layer resize) {

  /// The reassembly of feature map `index`.
  static Reassembly of(Weights weights, DepthConfig config, int index) {
    int width = config.backbone().vit().hiddenSize();
    int out = config.neckSizes().get(index);
    Weights layer = weights.at("layers").at(index);
    Optional<Linear> project =
        switch (config.readout()) {
          case IGNORE, ADD -> Optional.empty();
          case PROJECT ->
              Optional.of(
                  Linear.of(weights.at("readout_projects").at(index).at(0), 2 * width, width));
        };
    return new Reassembly(
        config.readout(),
        project,
        Conv2d.of(layer.at("projection"), width, out, 1),
        resize(layer.at("resize"), out, config.factors().get(index)));
  }

  private static Layer resize(Weights weights, int channels, double factor) {
    if (factor == 1) {
      return Layer.IDENTITY;
    }
    if (factor < 1) {
      return Conv2d.of(weights, channels, channels, 3, (int) (1 / factor), 1);
    }
    int times = (int) factor;
    Init init = Init.fanIn((long) channels * times * times);
    Tensor weight = weights.tensor("weight", init, channels, channels, times, times);
    Tensor bias = weights.tensor("bias", init, channels);
    return x -> FeatureMaps.transposedConvolution(x, weight, bias);
  }

  /// Tokens `[N, 1 + h·w, D]` to `[N, C, factor·h, factor·w]`.
  Tensor forward(Tensor tokens, long height, long width) {
    Tensor patches = tokens.slice(1, 1, tokens.size(1)); // [N, h·w, D]
    Tensor whole = tokens.slice(1, 0, 1);
    Tensor h =
        switch (readout) {
          case IGNORE -> patches;
          case ADD -> patches.plus(whole);
          case PROJECT ->
              readoutProject
                  .orElseThrow()
                  .forward(Tensor.concat(-1, patches, whole.expand(patches.shape())))
                  .gelu();
        };
    Tensor map = h.transpose(1, 2).reshape(h.size(0), h.size(2), height, width);
    return resize.forward(projection.forward(map));
  }
}
