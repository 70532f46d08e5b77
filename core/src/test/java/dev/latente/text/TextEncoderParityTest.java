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

  private static final Path XL_NUMBERS = REFERENCE.resolve("components-tiny-sdxl.safetensors");

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
      close(encoder.forward(ids, skipped), numbers.read(name, Precision.F32));
      weights.release();
    }
  }

  @ParameterizedTest
  @CsvSource({"0, text1", "1, text2"})
  void xlTakesWhatTheLastButOneLayerGives(int index, String name) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(REFERENCE.resolve("tiny-sdxl"), Precision.F32);
        SafetensorsFile numbers = SafetensorsFile.open(XL_NUMBERS);
        Scope _ = Scope.open()) {
      TextEncoderPart part = checkpoint.textEncoders().get(index);
      StoredWeights weights = new StoredWeights(part.weights(), Device.CPU, Precision.F32);
      ClipTextEncoder encoder = ClipTextEncoder.of(Weights.of(weights), part.config());
      weights.finish(_ -> false);
      Tensor ids = numbers.read(name + ".ids", Precision.F32);
      Tensor expected = numbers.read(name + ".penultimate", Precision.F32);
      close(encoder.encodeHidden(ids, 1), expected);
      close(encoder.encodePooled(ids, 1).hidden(), expected);
      weights.release();
    }
  }

  /// Number 2 in a config stands for the greatest number of a text; any other is the end token's,
  /// and the first one counts, though greater numbers and other ends follow.
  @ParameterizedTest
  @CsvSource({"2, text2", "500, ends"})
  void thePooledTextIsThatOfTheEndToken(int endToken, String name) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(REFERENCE.resolve("tiny-sdxl"), Precision.F32);
        SafetensorsFile numbers = SafetensorsFile.open(XL_NUMBERS);
        Scope _ = Scope.open()) {
      TextEncoderPart part = checkpoint.textEncoders().getLast();
      ClipTextConfig config = part.config();
      StoredWeights weights = new StoredWeights(part.weights(), Device.CPU, Precision.F32);
      ClipTextEncoder encoder =
          ClipTextEncoder.of(
              Weights.of(weights), config.withVocabulary(config.vocabSize(), endToken));
      weights.finish(_ -> false);
      Tensor ids = numbers.read(name + ".ids", Precision.F32);
      close(encoder.encodePooled(ids, 1).pooled(), numbers.read(name + ".pooled", Precision.F32));
      weights.release();
    }
  }

  private static void close(Tensor found, Tensor expected) {
    float[] values = found.toFloatArray();
    float[] wanted = expected.toFloatArray();
    assertThat(values).hasSameSizeAs(wanted);
    double size = 1;
    for (float value : wanted) {
      size = Math.max(size, Math.abs(value)); // hidden states before the norm grow with depth
    }
    for (int i = 0; i < wanted.length; i++) {
      assertThat((double) values[i]).isCloseTo(wanted[i], within(TOLERANCE * size));
    }
  }
}
