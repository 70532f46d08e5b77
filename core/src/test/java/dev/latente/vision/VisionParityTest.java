package dev.latente.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.image.Picture;
import dev.latente.model.SafetensorsFile;
import dev.latente.model.VisionPart;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vision.SafetyChecker.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// CLIP's vision encoder and the safety checker against transformers and diffusers, run by
/// tools/reference.
class VisionParityTest {
  private static final Path FOLDER = Path.of("src/test/resources/reference/tiny-vision");
  private static final List<String> NAMES =
      List.of("wide", "tall", "small", "square", "one", "two");

  /// Single precision has a relative error of 6e-8 an operation; some hundred follow one another.
  private static final double TOLERANCE = 2e-5;

  @TempDir Path model;

  private static List<Picture> pictures() throws IOException {
    List<Picture> pictures = new ArrayList<>();
    for (String name : NAMES) {
      pictures.add(Picture.read(FOLDER.resolve("pictures/" + name + ".png")));
    }
    return pictures;
  }

  private static Tensor number(String name) throws IOException {
    try (SafetensorsFile numbers = SafetensorsFile.open(FOLDER.resolve("numbers.safetensors"))) {
      return numbers.read(name, Precision.F32);
    }
  }

  /// The pixels are bytes until they are normalised, hence nearly equal.
  @Test
  void picturesArePreparedAsByTransformers() throws IOException {
    try (Scope _ = Scope.open()) {
      ClipImageProcessor processor = ClipImageProcessor.clip(21);
      for (String name : NAMES) {
        Picture picture = Picture.read(FOLDER.resolve("pictures/" + name + ".png"));
        close(processor.pixels(List.of(picture)), number("pixels." + name), 1e-6);
      }
    }
  }

  @Test
  void theEncoderIsTransformers() throws IOException {
    try (VisionPart part = VisionPart.imageEncoder(FOLDER.resolve("image_encoder"), Precision.F32);
        Scope _ = Scope.open()) {
      StoredWeights weights = new StoredWeights(part.weights(), Device.CPU, Precision.F32);
      ClipVisionEncoder encoder = ClipVisionEncoder.of(Weights.of(weights), part.config());
      weights.finish(_ -> false);
      Tensor pixels = part.processor().pixels(pictures());
      close(encoder.embed(pixels), number("encoder.embeds"), TOLERANCE);
      close(encoder.hidden(pixels, 1), number("encoder.penultimate"), TOLERANCE);
      close(encoder.hidden(pixels, 0), number("encoder.last"), TOLERANCE);
      assertThatThrownBy(() -> encoder.hidden(pixels, 4))
          .hasMessage("skipped layers must be 0 to 3: 4");
      weights.release();
    }
  }

  private void copyChecker(String index) throws IOException {
    for (String file :
        List.of(
            "safety_checker/config.json",
            "safety_checker/model.safetensors",
            "feature_extractor/preprocessor_config.json")) {
      Files.createDirectories(model.resolve(file).getParent());
      Files.copy(FOLDER.resolve(file), model.resolve(file));
    }
    Files.writeString(model.resolve("model_index.json"), index);
  }

  @Test
  void theCheckerFlagsWhatDiffusersFlags() throws IOException {
    copyChecker("{\"safety_checker\": [\"stable_diffusion\", \"StableDiffusionSafetyChecker\"]}");
    try (VisionPart part = VisionPart.safetyChecker(model, Precision.F32).orElseThrow();
        Scope _ = Scope.open()) {
      StoredWeights weights = new StoredWeights(part.weights(), Device.CPU, Precision.F32);
      SafetyChecker checker =
          SafetyChecker.of(Weights.of(weights), part.config(), part.processor());
      weights.finish(_ -> false);
      List<Verdict> verdicts = pictures().stream().map(checker::look).toList();
      long[] flagged = number("checker.flagged").toLongArray();
      assertThat(flagged).containsExactly(1, 0, 0, 0, 0, 1);
      for (int i = 0; i < flagged.length; i++) {
        assertThat(verdicts.get(i).flagged()).as(NAMES.get(i)).isEqualTo(flagged[i] == 1);
      }
      // the first by special care's adjustment alone, the last without it
      assertThat(verdicts.getFirst().special()).containsExactly(0);
      assertThat(verdicts.getLast()).isEqualTo(new Verdict(List.of(), List.of(5)));
      weights.release();
    }
  }

  @Test
  void aModelWithoutACheckerHasNone() throws IOException {
    assertThat(VisionPart.safetyChecker(model, Precision.F32)).isEmpty();
    copyChecker("{\"safety_checker\": [null, null]}");
    assertThat(VisionPart.safetyChecker(model, Precision.F32)).isEmpty();
  }

  @Test
  void aCheckerOfAnotherKindIsRefused() throws IOException {
    copyChecker("{\"safety_checker\": [\"mine\", \"MyChecker\"]}");
    assertThatThrownBy(() -> VisionPart.safetyChecker(model, Precision.F32))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("safety_checker: unsupported class 'MyChecker'; supported:");
  }

  private static void close(Tensor found, Tensor expected, double tolerance) {
    float[] values = found.toFloatArray();
    float[] wanted = expected.toFloatArray();
    assertThat(values).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      double size = Math.max(1, Math.abs(wanted[i]));
      assertThat((double) values[i]).isCloseTo(wanted[i], within(tolerance * size));
    }
  }
}
