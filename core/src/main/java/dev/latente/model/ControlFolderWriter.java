package dev.latente.model;

import dev.latente.control.ControlNetConfig;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Writes a ControlNet as a folder in diffusers' layout: `config.json` and its weights.
public final class ControlFolderWriter {
  private ControlFolderWriter() {}

  /// Writes to `folder`, which is made if need be; the config comes last, so that a folder with one
  /// is whole.
  ///
  /// @param weights those of its [dev.latente.nn.WeightSource]
  /// @param type how weights are stored
  public static void write(
      Path folder, ControlNetConfig config, Map<String, Tensor> weights, ElementType type)
      throws IOException {
    Files.createDirectories(folder);
    new SafetensorsWriter()
        .metadata("format", "pt")
        .addAll(weights, type)
        .write(folder.resolve(DiffusersFolder.WEIGHTS + ".safetensors"));
    AtomicFile.write(folder.resolve("config.json"), Json.pretty(ControlJson.write(config)));
  }
}
