package dev.latente.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.model.Checkpoint;
import dev.latente.model.Checkpoint.TextEncoderPart;
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
import org.junit.jupiter.params.provider.CsvSource;

/// The text encoder against transformers' `CLIPTextModel`, run by tools/reference.
class TextEncoderParityTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference");

  /// Single precision has a relative error of 6e-8 an operation; some hundred follow one another.
  private static final double TOLERANCE = 2e-5;

  @ParameterizedTest
  @CsvSource({
    "tiny-sd1, 0, text.last_hidden_state",
    "tiny-sd1, 1, text.penultimate_normed",
    "tiny-sd2, 0, text.last_hidden_state",
    "tiny-sd2, 1, text.penultimate_normed"
  })
  void hiddenStatesAreTransformers(String model, int skipped, String name) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(REFERENCE.resolve(model), Precision.F32);
        SafetensorsFile numbers =
            SafetensorsFile.open(REFERENCE.resolve("components-" + model + ".safetensors"));
        Scope _ = Scope.open()) {
      TextEncoderPart part = checkpoint.textEncoders().getFirst();
      StoredWeights weights = new StoredWeights(part.weights(), Device.CPU, Precision.F32);
      ClipTextEncoder encoder = ClipTextEncoder.of(Weights.of(weights), part.config());
      weights.finish(_ -> false);
      Tensor ids = numbers.read("text.ids", Precision.F32);
      float[] found = encoder.forward(ids, skipped).toFloatArray();
      weights.release();
      float[] expected = numbers.read(name, Precision.F32).toFloatArray();
      assertThat(found).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) found[i]).isCloseTo(expected[i], within(TOLERANCE));
      }
    }
  }
}
