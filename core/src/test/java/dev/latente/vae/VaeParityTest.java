package dev.latente.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.model.Checkpoint;
import dev.latente.model.Checkpoint.Part;
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

/// The autoencoder, both ways, against diffusers' `AutoencoderKL`, run by tools/reference.
class VaeParityTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference");

  /// Single precision has a relative error of 6e-8 an operation; some hundred follow one another.
  private static final double TOLERANCE = 2e-5;

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd1", "tiny-sd2"})
  void momentsAndPicturesAreDiffusers(String model) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(REFERENCE.resolve(model), Precision.F32);
        SafetensorsFile numbers =
            SafetensorsFile.open(REFERENCE.resolve("components-" + model + ".safetensors"));
        Scope _ = Scope.open()) {
      Part<CodecConfig> part = checkpoint.vae().orElseThrow();
      StoredWeights weights = new StoredWeights(part.weights(), Device.CPU, Precision.F32);
      Autoencoder vae = Autoencoder.of(Weights.of(weights), (VaeConfig) part.config());
      weights.finish(_ -> false);
      for (String test : new String[] {"square", "wide"}) {
        String name = "vae.encode." + test + ".";
        Moments moments = vae.moments(numbers.read(name + "image", Precision.F32));
        assertClose(moments.mean(), numbers.read(name + "mean", Precision.F32));
        assertClose(moments.logVariance(), numbers.read(name + "logvar", Precision.F32));
      }
      for (String test : new String[] {"square", "tall"}) {
        String name = "vae.decode." + test + ".";
        Tensor latents = numbers.read(name + "latents", Precision.F32);
        Tensor expected = numbers.read(name + "image", Precision.F32);
        assertClose(vae.reconstruct(latents), expected);
        assertClose(vae.decode(latents.times(VaeConfig.SD_SCALING_FACTOR)), expected);
      }
      weights.release();
    }
  }

  private static void assertClose(Tensor found, Tensor expected) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    float[] left = found.toFloatArray();
    float[] right = expected.toFloatArray();
    double size = 0;
    for (float value : right) {
      size = Math.max(size, Math.abs(value));
    }
    for (int i = 0; i < right.length; i++) {
      assertThat((double) left[i]).isCloseTo(right[i], within(TOLERANCE * size));
    }
  }
}
