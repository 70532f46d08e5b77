package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Opens a file of tensors in any format that can be read, told by its first bytes, not by its
/// name.
final class TensorFile {
  private TensorFile() {}

  /// Opens `path`.
  ///
  /// @throws ModelFormatException if it is none of the known formats
  static CheckpointSource open(Path path) throws IOException {
    String start = new String(start(path), StandardCharsets.ISO_8859_1);
    if (start.startsWith("GGUF")) {
      return GgufFile.open(path);
    }
    // a ZIP file, or a bare pickle of protocol 2
    boolean torch = start.startsWith("PK\3\4") || start.startsWith("\u0080\2");
    return torch ? TorchFile.open(path) : SafetensorsFile.open(path);
  }

  private static byte[] start(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return new byte[0];
    }
    try (InputStream file = Files.newInputStream(path)) {
      return file.readNBytes(8);
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(path + ": no such file", e);
    }
  }
}
