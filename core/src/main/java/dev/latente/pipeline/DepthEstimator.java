package dev.latente.pipeline;

import dev.latente.depth.DepthConfig.Unit;
import dev.latente.depth.DepthInput;
import dev.latente.depth.DepthNetwork;
import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.model.DepthCheckpoint;
import dev.latente.tensor.Device;
import dev.latente.tensor.FeatureMaps;
import dev.latente.tensor.FeatureMaps.Interpolation;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;

/// A network that tells how near each pixel of a picture is: DPT or Depth Anything.
///
/// Several threads may ask at once. The weights stay in memory until [#close].
public final class DepthEstimator implements AutoCloseable {
  /// Metres below this are taken for it, so that their inverse stays finite.
  private static final double LEAST_METRES = 1e-3;

  private final DepthNetwork network;
  private final DepthInput input;
  private final Components components;

  private DepthEstimator(DepthNetwork network, DepthInput input, Components components) {
    this.network = network;
    this.input = input;
    this.components = components;
  }

  /// Loads an estimator; it computes in single precision.
  ///
  /// @param folder as transformers writes it (`DPTForDepthEstimation`,
  ///   `DepthAnythingForDepthEstimation`), or of a model that brings one in `depth_estimator`
  /// @throws dev.latente.nn.ModelFormatException if it is not one that can be read
  public static DepthEstimator open(Path folder, Device device) throws IOException {
    try (DepthCheckpoint checkpoint = DepthCheckpoint.open(folder)) {
      Components components = new Components(device);
      DepthNetwork network =
          components.build(
              checkpoint.weights(), Precision.F32, at -> DepthNetwork.of(at, checkpoint.config()));
      return new DepthEstimator(network, checkpoint.input(), components);
    }
  }

  /// How near each pixel of `picture` is: white the nearest, black the farthest, of the picture's
  /// size. Where all is equally far, all is black.
  ///
  /// Nearness is the inverse of the distance, as MiDaS and the control networks trained on it have
  /// it.
  public GreyPicture nearness(Picture picture) {
    try (Scope _ = Scope.open()) {
      Tensor estimated = nearness(picture, picture.height(), picture.width());
      float[] values = estimated.plus(1).times(0.5).toFloatArray();
      return GreyPicture.ofFloats(picture.width(), picture.height(), values);
    }
  }

  /// The same as `[1, 1, height, width]`, -1 the farthest to 1 the nearest.
  Tensor nearness(Picture picture, int height, int width) {
    return Scope.tidy(() -> {
      Tensor estimated = network.predict(input.of(picture).to(components.device()));
      Tensor near =
          switch (network.config().unit()) {
            case Unit.Nearness _ -> estimated;
            case Unit.Metres(double most) -> inverse(estimated.clamp(LEAST_METRES, most));
          };
      return stretched(FeatureMaps.resize(near, height, width, Interpolation.BICUBIC));
    });
  }

  private static Tensor inverse(Tensor metres) {
    return Tensor.full(1, 1).like(metres).dividedBy(metres);
  }

  /// A map with its least value at -1 and its greatest at 1, as diffusers prepares depth maps; -1
  /// everywhere if all are equal.
  static Tensor stretched(Tensor map) {
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    for (float value : map.toFloatArray()) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    float range = greatest > least ? greatest - least : 1;
    return map.plus(-least).dividedBy(range).times(2).plus(-1);
  }

  /// Frees the weights; nobody may be using them.
  @Override
  public void close() {
    components.release();
  }
}
