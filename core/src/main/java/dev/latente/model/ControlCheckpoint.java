package dev.latente.model;

import dev.latente.control.ControlNetConfig;
import dev.latente.control.T2iAdapterConfig;
import dev.latente.tensor.Precision;
import dev.latente.unet.UNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A control network's files, opened and understood, but not yet read.
public sealed interface ControlCheckpoint extends AutoCloseable {
  /// Its weights under the names its layers ask for.
  CheckpointSource weights();

  /// A ControlNet.
  record Net(ControlNetConfig config, CheckpointSource weights) implements ControlCheckpoint {}

  /// A T2I-Adapter.
  record Adapter(T2iAdapterConfig config, CheckpointSource weights) implements ControlCheckpoint {}

  /// Opens a ControlNet or T2I-Adapter.
  ///
  /// @param path a folder with a `config.json` as diffusers writes it, or a single file in the
  ///   original naming or diffusers'
  /// @param base the U-Net it shall guide, whose sizes a file is taken to have
  /// @param wanted the precision it will run in, by which a folder's variant is chosen
  /// @throws dev.latente.nn.ModelFormatException if it is neither, or not made for that U-Net
  static ControlCheckpoint open(Path path, UNetConfig base, Precision wanted) throws IOException {
    return Files.isDirectory(path)
        ? ControlFolder.open(path, base, wanted)
        : ControlFile.open(path, base);
  }

  /// Closes the files.
  @Override
  default void close() {
    weights().close();
  }
}
