package dev.latente.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Weights that stay as a file stores them compute what widened ones compute.
class NarrowWeightsTest {
  private static final Path MAPS = Path.of("/proc/self/smaps");

  @TempDir Path folder;

  private Path write(ElementType type) throws IOException {
    Path file = folder.resolve("weights.safetensors");
    try (Scope _ = Scope.open()) {
      RandomNoise noise = RandomNoise.seeded(1);
      new SafetensorsWriter()
          .add("linear.weight", noise.normal(5, 7), type)
          .add("linear.bias", noise.normal(5), type)
          .add("conv.weight", noise.normal(4, 3, 3, 3), type)
          .add("conv.bias", noise.normal(4), type)
          .add("table.weight", noise.normal(6, 7), type)
          .write(file);
    }
    return file;
  }

  private static List<float[]> results(StoredWeights stored) {
    Weights weights = Weights.of(stored);
    Linear linear = Linear.of(weights.at("linear"), 7, 5);
    Conv2d conv = Conv2d.of(weights.at("conv"), 3, 4, 3);
    Embedding table = Embedding.of(weights.at("table"), 6, 7, Init.ZEROS);
    stored.finish(_ -> false);
    RandomNoise noise = RandomNoise.seeded(2);
    Tensor rows = table.forward(Tensor.of(new long[] {3, 1}, 2));
    assertThat(rows.elementType()).isEqualTo(ElementType.F32);
    return List.of(
        linear.forward(rows).contiguous().toFloatArray(),
        conv.forward(noise.normal(1, 3, 6, 6)).contiguous().toFloatArray());
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void theyComputeTheSame(ElementType type) throws IOException {
    try (Scope _ = Scope.open();
        SafetensorsFile file = SafetensorsFile.open(write(type))) {
      StoredWeights wide = new StoredWeights(file, Device.CPU, Precision.F32);
      StoredWeights narrow = StoredWeights.compact(file, false);
      List<float[]> expected = results(wide);
      assertSame(results(narrow), expected);
      assertSame(results(StoredWeights.compact(file, true)), expected);
      narrow.rest(); // what it lies in is read again
      assertThat(table(narrow)).isEqualTo(table(wide));
      Map<String, Tensor> kept = narrow.tensors();
      assertThat(kept.get("linear.weight")).extracting(Tensor::elementType).isEqualTo(type);
      assertThat(kept.get("conv.bias")).extracting(Tensor::elementType).isEqualTo(ElementType.F32);
    }
  }

  private static float[] table(StoredWeights weights) {
    Tensor table = Objects.requireNonNull(weights.tensors().get("table.weight"));
    return table.to(Precision.F32).toFloatArray();
  }

  private static void assertSame(List<float[]> found, List<float[]> expected) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i)).isEqualTo(expected.get(i));
    }
  }

  // Else a file of half the size would take four times that when it is used.
  @Test
  void usedWeightsLeaveMemory() throws IOException {
    Path path = folder.resolve("large.safetensors");
    try (Scope _ = Scope.open()) {
      Tensor weight = RandomNoise.seeded(1).normal(4096, 4096);
      new SafetensorsWriter().add("weight", weight, ElementType.F16).write(path);
    }
    assertThat(residentAfterUse(path, true)).isLessThan(1 << 10);
    assertThat(residentAfterUse(path, false)).isGreaterThan(31 << 10);
  }

  /// How much of the map of `path` is in memory when its weight was used, in kB.
  private static long residentAfterUse(Path path, boolean leaving) throws IOException {
    assumeTrue(Files.isReadable(MAPS), "the system does not tell");
    try (Scope _ = Scope.open();
        SafetensorsFile file = SafetensorsFile.open(path)) {
      StoredWeights weights = StoredWeights.compact(file, leaving);
      Linear linear = Linear.withoutBias(Weights.of(weights), 4096, 4096);
      assertThat(linear.forward(Tensor.full(1, 1, 4096)).toFloatArray()).hasSize(4096);
      long resident = resident(path);
      weights.release();
      return resident;
    }
  }

  /// The largest of the maps of `path`: the file has one for reading and one that lasts.
  private static long resident(Path path) throws IOException {
    long most = 0;
    boolean inside = false;
    for (String line : Files.readAllLines(MAPS)) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        inside = line.endsWith(path.toString());
      } else if (inside && line.startsWith("Rss:")) {
        most = Math.max(most, Long.parseLong(line.replaceAll("\\D", "")));
      }
    }
    return most;
  }

  @Test
  void theyOutliveTheFile() throws IOException {
    Path path = write(ElementType.F16);
    SafetensorsFile file = SafetensorsFile.open(path);
    StoredWeights narrow = StoredWeights.compact(file, false);
    try (Scope _ = Scope.open()) {
      Tensor weight = narrow.tensor("linear.weight", Init.ZEROS, 5, 7);
      file.close();
      System.gc(); // frees maps that nothing refers to
      assertThat(weight.to(Precision.F32).contiguous().toFloatArray()).hasSize(35);
      narrow.release();
    }
  }
}
