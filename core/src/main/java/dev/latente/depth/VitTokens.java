package dev.latente.depth;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Init;
import dev.latente.nn.Weights;
import dev.latente.tensor.FeatureMaps;
import dev.latente.tensor.FeatureMaps.Interpolation;
import dev.latente.tensor.Tensor;

/// What a vision transformer begins with: a token for the whole picture and one for each patch,
/// with their positions.
///
/// Names follow transformers' `Dinov2Embeddings`.
///
/// @param projection of each patch, or of each pixel of a convolutional network's features
record VitTokens(Conv2d projection, Tensor clsToken, Tensor positions, VitConfig config) {
  private static final double DEVIATION = 0.02;

  /// Tokens of features of `in` channels, `kernel` of them on a side.
  static VitTokens of(Weights weights, VitConfig config, int in, int kernel) {
    int width = config.hiddenSize();
    Init init = Init.normal(DEVIATION);
    return new VitTokens(
        Conv2d.of(weights.at("patch_embeddings.projection"), in, width, kernel, kernel, 0),
        weights.tensor("cls_token", init, 1, 1, width),
        weights.tensor(
            "position_embeddings", init, 1, (long) config.grid() * config.grid() + 1, width),
        config);
  }

  /// `[N, C, H, W]` to tokens `[N, 1 + h·w, D]`, row after row.
  Tensor forward(Tensor x) {
    Tensor patches = projection.forward(x); // [N, D, h, w]
    long pictures = patches.size(0);
    long width = patches.size(1);
    Tensor tokens = patches.reshape(pictures, width, -1).transpose(1, 2);
    Tensor all = Tensor.concat(1, clsToken.expand(pictures, 1, width), tokens);
    return all.plus(positions(patches.size(2), patches.size(3)));
  }

  private Tensor positions(long height, long width) {
    long grid = config.grid();
    if (height == grid && width == grid) {
      return positions;
    }
    Interpolation how =
        switch (config.positions()) {
          case BILINEAR -> Interpolation.BILINEAR;
          case BICUBIC -> Interpolation.BICUBIC;
        };
    long features = positions.size(2);
    Tensor map =
        positions.slice(1, 1, grid * grid + 1).reshape(1, grid, grid, features).permute(0, 3, 1, 2);
    Tensor resized =
        FeatureMaps.resize(map, height, width, how)
            .permute(0, 2, 3, 1)
            .reshape(1, height * width, features);
    return Tensor.concat(1, positions.slice(1, 0, 1), resized);
  }
}
