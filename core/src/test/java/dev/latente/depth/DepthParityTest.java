package dev.latente.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.model.DepthCheckpoint;
import dev.latente.model.SafetensorsFile;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.testing.ControlMap;
import dev.latente.testing.NamedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Depth estimators against transformers, run by tools/reference/depth.py.
class DepthParityTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference/depth");

  /// Single precision has a relative error of 6e-8 an operation; some hundred follow one another,
  /// and standardised weights are divided by small deviations.
  private static final double TOLERANCE = 1e-4;

  private static final int CORNER = 6;

  @TempDir private Path temporary;

  @ParameterizedTest
  @ValueSource(
      strings = {"dpt-hybrid", "dpt-vit", "depth-anything", "depth-anything-metric", "dpt-dino"})
  void depthIsTransformers(String name) throws IOException {
    Path folder = NamedWeights.write(temporary.resolve(name), REFERENCE.resolve(name), "model");
    Files.copy(
        REFERENCE.resolve(name + "-preprocessor.json"), folder.resolve("preprocessor_config.json"));
    try (DepthCheckpoint checkpoint = DepthCheckpoint.open(folder);
        SafetensorsFile numbers =
            SafetensorsFile.open(REFERENCE.resolve("components.safetensors"));
        Scope _ = Scope.open()) {
      StoredWeights weights = new StoredWeights(checkpoint.weights(), Device.CPU, Precision.F32);
      DepthNetwork network = DepthNetwork.of(Weights.of(weights), checkpoint.config());
      weights.finish(_ -> false);
      Tensor input = checkpoint.input().of(ControlMap.of(70, 50));
      long[] size = numbers.read(name + ".size", Precision.F32).toLongArray();
      assertThat(input.shape()).containsExactly(1, 3, size[0], size[1]);
      Tensor corner = input.slice(2, 0, CORNER).slice(3, size[1] - CORNER, size[1]);
      close(corner, numbers.read(name + ".input", Precision.F32), 1e-6);
      Tensor depth = network.predict(input);
      long[] shape = numbers.read(name + ".shape", Precision.F32).toLongArray();
      assertThat(depth.shape()).containsExactly(1, 1, shape[1], shape[2]);
      Tensor third = depth.select(2, thirds(shape[1])).select(3, thirds(shape[2]));
      close(third, numbers.read(name + ".depth", Precision.F32), TOLERANCE);
      weights.release();
    }
  }

  private static Tensor thirds(long size) {
    long[] indices = LongStream.iterate(0, i -> i < size, i -> i + 3).toArray();
    return Tensor.of(indices, indices.length);
  }

  private static void close(Tensor found, Tensor expected, double tolerance) {
    float[] values = found.toFloatArray();
    float[] wanted = expected.toFloatArray();
    assertThat(values).hasSameSizeAs(wanted);
    double size = 0;
    for (float value : wanted) {
      size = Math.max(size, Math.abs(value));
    }
    for (int i = 0; i < wanted.length; i++) {
      assertThat((double) values[i]).isCloseTo(wanted[i], within(tolerance * size));
    }
  }
}
