package dev.latente.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Weights that stay as a file stores them compute what widened ones compute.
class NarrowWeightsTest {
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
      StoredWeights narrow = StoredWeights.compact(file);
      List<float[]> expected = results(wide);
      List<float[]> found = results(narrow);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i)).isEqualTo(expected.get(i));
      }
      Map<String, Tensor> kept = narrow.tensors();
      assertThat(kept.get("linear.weight")).extracting(Tensor::elementType).isEqualTo(type);
      assertThat(kept.get("conv.bias")).extracting(Tensor::elementType).isEqualTo(ElementType.F32);
    }
  }

  @Test
  void theyOutliveTheFile() throws IOException {
    Path path = write(ElementType.F16);
    SafetensorsFile file = SafetensorsFile.open(path);
    StoredWeights narrow = StoredWeights.compact(file);
    try (Scope _ = Scope.open()) {
      Tensor weight = narrow.tensor("linear.weight", Init.ZEROS, 5, 7);
      file.close();
      System.gc(); // frees maps that nothing refers to
      assertThat(weight.to(Precision.F32).contiguous().toFloatArray()).hasSize(35);
      narrow.release();
    }
  }
}
