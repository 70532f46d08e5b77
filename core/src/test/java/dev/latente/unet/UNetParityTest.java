package dev.latente.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.model.Checkpoint;
import dev.latente.model.SafetensorsFile;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The U-Net against diffusers' `UNet2DConditionModel`, run by tools/reference.
class UNetParityTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference");

  /// Single precision has a relative error of 6e-8 an operation; some hundred follow one another.
  private static final double TOLERANCE = 2e-5;

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd1", "tiny-sd2"})
  void outputsAreDiffusers(String model) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(REFERENCE.resolve(model), Precision.F32);
        SafetensorsFile numbers =
            SafetensorsFile.open(REFERENCE.resolve("components-" + model + ".safetensors"));
        Scope _ = Scope.open()) {
      StoredWeights weights =
          new StoredWeights(checkpoint.unet().weights(), Device.CPU, Precision.F32);
      UNet unet = UNet.of(Weights.of(weights), checkpoint.unet().config());
      weights.finish(_ -> false);
      for (String test : new String[] {"square", "wide", "tall-mixed", "odd"}) {
        String name = "unet." + test + ".";
        Tensor output =
            unet.predict(
                numbers.read(name + "sample", Precision.F32),
                numbers.read(name + "timestep", Precision.F32),
                numbers.read(name + "context", Precision.F32));
        float[] found = output.toFloatArray();
        float[] expected = numbers.read(name + "output", Precision.F32).toFloatArray();
        assertThat(found).hasSameSizeAs(expected);
        double size = 0;
        for (float value : expected) {
          size = Math.max(size, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
          assertThat((double) found[i]).as(test).isCloseTo(expected[i], within(TOLERANCE * size));
        }
      }
      weights.release();
    }
  }
}
