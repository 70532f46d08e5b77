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
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/// The paths along which a teacher takes noise to clean samples, seen at a few levels: drawn once
/// and kept in files.
///
/// @param captions what each path was drawn for, N of them
/// @param points samples of variance about 1, `[N, L, C, H, W]`: level 0 is pure noise, level L - 1
///   is clean
record TeacherPaths(List<String> captions, Tensor points) {
  private static final String NAME = "points";
  private static final String SOURCE = "source";

  TeacherPaths {
    captions = List.copyOf(captions);
  }

  /// Reads `count` paths from `folder`, after drawing those that are not there yet.
  ///
  /// A file has [PathTeacher#AT_ONCE] paths and appears whole or not at all; so what was drawn
  /// before a stop is kept, and more can be added later.
  ///
  /// @param progress told how many are there
  static TeacherPaths open(PathTeacher teacher, Path folder, int count, IntConsumer progress)
      throws IOException {
    Files.createDirectories(folder);
    List<String> captions = new ArrayList<>();
    List<Tensor> parts = new ArrayList<>();
    for (int block = 0; captions.size() < count; block++) {
      Path file = folder.resolve("%06d.safetensors".formatted(block));
      if (!Files.exists(file)) {
        draw(teacher, block, file);
      }
      parts.add(read(file, teacher.description()));
      captions.addAll(teacher.captions(block));
      progress.accept(Math.min(count, captions.size()));
    }
    try (Scope _ = Scope.open()) {
      Tensor all = Tensor.concat(0, parts.toArray(Tensor[]::new)).slice(0, 0, count);
      parts.forEach(Tensor::release);
      return new TeacherPaths(captions.subList(0, count), all.contiguous().retain());
    }
  }

  private static void draw(PathTeacher teacher, int block, Path file) throws IOException {
    try (Scope _ = Scope.open()) {
      new SafetensorsWriter()
          .metadata(SOURCE, teacher.description())
          .add(NAME, teacher.draw(block), ElementType.F16)
          .write(file);
    }
  }

  private static Tensor read(Path file, String source) throws IOException {
    try (SafetensorsFile stored = SafetensorsFile.open(file);
        Scope _ = Scope.open()) {
      String found = stored.metadata().getOrDefault(SOURCE, "");
      if (!found.equals(source)) {
        throw new IllegalArgumentException(
            "%s holds paths of \"%s\", needed \"%s\"; remove it to draw anew"
                .formatted(file, found, source));
      }
      return stored.read(NAME, Precision.F32).retain();
    }
  }

  int count() {
    return captions.size();
  }

  /// The captions of the given paths.
  List<String> captions(int... indices) {
    return Arrays.stream(indices).mapToObj(captions::get).toList();
  }

  /// Where the given paths are at `level`, `[N, C, H, W]`.
  Tensor at(int level, int... indices) {
    long[] rows = Arrays.stream(indices).asLongStream().toArray();
    Tensor chosen = points.select(0, Tensor.of(rows, rows.length)).slice(1, level, level + 1);
    long[] shape = chosen.shape();
    return chosen.reshape(shape[0], shape[2], shape[3], shape[4]);
  }
}
