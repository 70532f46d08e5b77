package dev.latente.pipeline;

import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.model.SamplingHints;
import dev.latente.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A ControlNet for depth that a model's folder brings in `controlnet-depth`, so that the model
/// draws after depth although its U-Net has no channel for it.
///
/// It is loaded by the first request with depth.
final class OwnDepth {
  private static final String FOLDER = "controlnet-depth";

  private final Path folder;
  private final double weight;
  private @Nullable ControlModel opened;

  private OwnDepth(Path folder, double weight) {
    this.folder = folder;
    this.weight = weight;
  }

  /// The network in the folder of `model`, if it brings one, with the weight that is advised.
  ///
  /// @throws dev.latente.nn.ModelFormatException if the advice is not made of numbers
  static Optional<OwnDepth> in(Path model) throws IOException {
    Path folder = model.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    double weight = SamplingHints.read(model).depthWeight().orElse(1);
    return Optional.of(new OwnDepth(folder, weight));
  }

  /// A control that makes `request` follow its depth; its map lies on the canvas already.
  Control control(LoadedModel model, ImageRequest request) {
    DepthSource depth = SeenDepth.of(request);
    return Control.of(network(model), map(depth, request.width(), request.height()))
        .withWeight(weight);
  }

  private synchronized ControlModel network(LoadedModel model) {
    if (opened == null) {
      try {
        opened = ControlModel.load(folder, model);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
    return opened;
  }

  private static Picture map(DepthSource depth, int width, int height) {
    try (Scope _ = Scope.open()) {
      float[] unit = depth.nearness(height, width).plus(1).times(0.5).toFloatArray(); // 0 to 1
      return GreyPicture.ofFloats(width, height, unit).toPicture();
    }
  }

  /// Frees the network.
  synchronized void close() {
    if (opened != null) {
      opened.close();
      opened = null;
    }
  }
}
