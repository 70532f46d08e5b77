package dev.latente.model;

import dev.latente.tensor.ElementType;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes a reference model (IP-Adapter) of the plain kind as one file, with the names of the
/// published ones.
public final class ReferenceModelWriter {
  private ReferenceModelWriter() {}

  /// Writes `file`.
  ///
  /// @param projection the weights of a [dev.latente.vision.ImageProjection.Whole]
  /// @param maps those of [dev.latente.unet.ReferenceMaps]
  /// @param type how weights are stored
  public static void write(
      Path file, Map<String, Tensor> projection, Map<String, Tensor> maps, ElementType type)
      throws IOException {
    Map<String, Tensor> all = new LinkedHashMap<>();
    projection.forEach((name, tensor) ->
        all.put(
            ReferenceModelFile.PROJECTION + name.replaceFirst("^image_embeds\\.", "proj."),
            tensor));
    maps.forEach((name, tensor) -> all.put(ReferenceModelFile.MAPS + name, tensor));
    new SafetensorsWriter().metadata("format", "pt").addAll(all, type).write(file);
  }
}
