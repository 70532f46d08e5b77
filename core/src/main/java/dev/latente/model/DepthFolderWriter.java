package dev.latente.model;

import dev.latente.depth.DepthConfig;
import dev.latente.depth.DepthInput;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Writes a depth estimator as a folder that transformers reads too: weights, `config.json`, and
/// how it is shown pictures.
public final class DepthFolderWriter {
  private DepthFolderWriter() {}

  /// Writes to `folder`, which is made if need be; the config comes last, so that a folder with one
  /// is whole.
  ///
  /// @param weights those of its [dev.latente.nn.WeightSource]
  /// @param type how weights are stored
  public static void write(
      Path folder,
      DepthConfig config,
      DepthInput input,
      Map<String, Tensor> weights,
      ElementType type)
      throws IOException {
    Files.createDirectories(folder);
    new SafetensorsWriter()
        .metadata("format", "pt")
        .addAll(weights, type)
        .write(folder.resolve(DiffusersFolder.TEXT_WEIGHTS + ".safetensors"));
    AtomicFile.write(folder.resolve(DepthInputJson.FILE), Json.pretty(DepthInputJson.write(input)));
    AtomicFile.write(folder.resolve("config.json"), Json.pretty(DepthJson.write(config)));
  }
}
