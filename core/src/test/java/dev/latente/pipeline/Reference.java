package dev.latente.pipeline;

import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.stream.Stream;

/// The tiny models that diffusers drew the reference pictures with.
final class Reference {
  static final Path FOLDER = Path.of("src/test/resources/reference");

  private Reference() {}

  static TextToImage open(String model) throws IOException {
    return TextToImage.open(FOLDER.resolve(model), Device.CPU, Precision.F32);
  }

  /// The model `name` beside SDXL's base model, put together in `folder`: what its own fixture
  /// lacks is the base model's.
  static Path wholeXl(String name, Path folder) throws IOException {
    Path whole = folder.resolve(name);
    copy(FOLDER.resolve("tiny-sdxl"), whole);
    copy(FOLDER.resolve(name), whole);
    return whole;
  }

  /// Copies all files below `from`.
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
