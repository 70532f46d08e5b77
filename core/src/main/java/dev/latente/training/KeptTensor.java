package dev.latente.training;

import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// What networks make of all pictures of a folder, computed once and kept in a file.
///
/// @param file where it is kept
/// @param name of the tensor in it
/// @param source what it depends on; a file of another source is refused
/// @param type how it is stored
record KeptTensor(Path file, String name, String source, ElementType type) {
  private static final String SOURCE = "source";

  /// Reads the file, or computes all and writes it; the tensor belongs to the caller.
  ///
  /// @param count how many pictures there are
  /// @param atOnce how many are computed together
  /// @param part what becomes of the pictures with the given indices, `[n, ...]`
  /// @param progress told how many pictures are done
  Tensor open(int count, int atOnce, Function<int[], Tensor> part, IntConsumer progress)
      throws IOException {
    if (!Files.exists(file)) {
      compute(count, atOnce, part, progress);
    }
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      String found = stored.metadata().getOrDefault(SOURCE, "");
      if (!found.equals(source)) {
        throw new IllegalArgumentException(
            "%s holds %s of \"%s\", needed \"%s\"; remove it to compute them anew"
                .formatted(file, name, found, source));
      }
      try (Scope _ = Scope.open()) {
        return stored.read(name, Precision.F32).retain();
      }
    }
  }

  private void compute(int count, int atOnce, Function<int[], Tensor> part, IntConsumer progress)
      throws IOException {
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i < count; i += atOnce) {
      int[] indices = IntStream.range(i, Math.min(count, i + atOnce)).toArray();
      try (Scope _ = Scope.open()) {
        parts.add(part.apply(indices).detached().retain());
      }
      progress.accept(i + indices.length);
    }
    try (Scope _ = Scope.open()) {
      new SafetensorsWriter()
          .metadata(SOURCE, source)
          .add(name, Tensor.concat(0, parts.toArray(Tensor[]::new)), type)
          .write(file);
    }
    parts.forEach(Tensor::release);
  }
}
