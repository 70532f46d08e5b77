package dev.latente.training;

import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vision.ClipVisionEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What an image encoder makes of a folder's pictures, computed once and kept in a file.
///
/// @param embeddings of all pictures, `[N, P]`
record SeenPictures(Tensor embeddings) {
  private static final int AT_ONCE = 64;
  private static final String NAME = "embeddings";
  private static final String SOURCE = "source";

  /// Reads the embeddings in `file`, or computes them and writes it.
  ///
  /// @param source what they depend on; a file of another source is refused
  static SeenPictures open(
      ClipVisionEncoder encoder,
      VisionInput input,
      Path file,
      String source,
      TrainingListener listener)
      throws IOException {
    if (!Files.exists(file)) {
      look(encoder, input, file, source, listener);
    }
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      String found = stored.metadata().getOrDefault(SOURCE, "");
      if (!found.equals(source)) {
        throw new IllegalArgumentException(
            "%s holds what \"%s\" sees, needed \"%s\"; remove it to look anew"
                .formatted(file, found, source));
      }
      try (Scope _ = Scope.open()) {
        return new SeenPictures(stored.read(NAME, Precision.F32).retain());
      }
    }
  }

  private static void look(
      ClipVisionEncoder encoder,
      VisionInput input,
      Path file,
      String source,
      TrainingListener listener)
      throws IOException {
    int count = input.pictures().folder().size();
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i < count; i += AT_ONCE) {
      int[] indices = IntStream.range(i, Math.min(count, i + AT_ONCE)).toArray();
      try (Scope _ = Scope.open()) {
        parts.add(encoder.embed(input.at(indices)).detached().retain());
      }
      listener.onPrepared(i + indices.length, count);
    }
    try (Scope _ = Scope.open()) {
      new SafetensorsWriter()
          .metadata(SOURCE, source)
          .add(NAME, Tensor.concat(0, parts.toArray(Tensor[]::new)), ElementType.F32)
          .write(file);
    }
    parts.forEach(Tensor::release);
  }

  /// What was made of the pictures with the given indices, `[n, P]`.
  Tensor at(long... indices) {
    return embeddings.select(0, Tensor.of(indices, indices.length));
  }
}
