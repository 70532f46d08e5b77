package dev.latente.pipeline;

import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;

/// The tiny models that diffusers drew the reference pictures with.
final class Reference {
  static final Path FOLDER = Path.of("src/test/resources/reference");

  private Reference() {}

  static TextToImage open(String model) throws IOException {
    return TextToImage.open(FOLDER.resolve(model), Device.CPU, Precision.F32);
  }
}
