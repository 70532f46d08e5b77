package dev.latente.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.model.Checkpoint;
import dev.latente.model.Checkpoint.Part;
import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tiny autoencoder against diffusers' `AutoencoderTiny`, run by tools/reference.
class TinyAutoencoderTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference");
  private static final Path TINY = REFERENCE.resolve("tiny-taesd");
  private static final VaeConfig USUAL =
      VaeConfig.of(List.of(128, 256, 512, 512), 2, 4, 32, 512, VaeConfig.SD_SCALING_FACTOR);

  /// Single precision has a relative error of 6e-8 an operation; some dozens follow one another.
  private static final double TOLERANCE = 2e-5;

  @TempDir Path folder;

  @Test
  void encodesAndDecodesAsDiffusers() throws IOException {
    with(TINY, TinyAutoencoderTest::assertDiffusers);
  }

  @Test
  void theOriginalFilesOfEncoderAndDecoderAreFoundTogether() throws IOException {
    Path decoder = folder.resolve("taesd_decoder.safetensors");
    write(decoder, "decoder.layers.", 1);
    with(
        decoder,
        alone ->
            assertThatThrownBy(() -> alone.encode(picture(), Tiling.WHOLE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs an autoencoder with an encoder"));
    write(folder.resolve("taesd_encoder.safetensors"), "encoder.layers.", 0);
    with(decoder, TinyAutoencoderTest::assertDiffusers);
  }

  @Test
  void theEncodersFileAloneIsRefused() throws IOException {
    Path encoder = folder.resolve("taesd_encoder.safetensors");
    write(encoder, "encoder.layers.", 0);
    assertThatThrownBy(() -> Checkpoint.openVae(encoder, USUAL, Precision.F32))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("expected the decoder of a tiny autoencoder (taesd_decoder), found");
  }

  private static void assertDiffusers(Codec codec) {
    try (SafetensorsFile numbers =
        SafetensorsFile.open(REFERENCE.resolve("tiny-vaes.safetensors"))) {
      assertClose(
          codec.encode(numbers.read("taesd.image", Precision.F32), Tiling.WHOLE),
          numbers.read("taesd.latents", Precision.F32));
      assertClose(
          codec.decode(numbers.read("taesd.decode.latents", Precision.F32), Tiling.WHOLE),
          numbers.read("taesd.decode.image", Precision.F32));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Tensor picture() {
    return Tensor.full(0.5, 1, 3, 16, 16);
  }

  private static void with(Path path, Consumer<Codec> body) throws IOException {
    Part<CodecConfig> part = Checkpoint.openVae(path, USUAL, Precision.F32);
    try (var source = part.weights();
        Scope _ = Scope.open()) {
      StoredWeights weights = new StoredWeights(source, Device.CPU, Precision.F32);
      Codec codec = Codec.of(Weights.of(weights), part.config());
      weights.finish(_ -> false);
      body.accept(codec);
      weights.release();
    }
  }

  /// Writes one side as TAESD's own files have it: numbered from 0, in the decoder from 1.
  private static void write(Path file, String side, int first) throws IOException {
    Pattern name = Pattern.compile(Pattern.quote(side) + "(\\d+)\\.(.*)");
    try (SafetensorsFile stored =
            SafetensorsFile.open(TINY.resolve("diffusion_pytorch_model.safetensors"));
        Scope _ = Scope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (String key : stored.names()) {
        for (MatchResult found : name.matcher(key).results().toList()) {
          int layer = Integer.parseInt(found.group(1)) + first;
          tensors.put(layer + "." + found.group(2), stored.read(key, Precision.F32));
        }
      }
      new SafetensorsWriter().addAll(tensors, ElementType.F16).write(file);
    }
  }

  private static void assertClose(Tensor found, Tensor expected) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    float[] left = found.toFloatArray();
    float[] right = expected.toFloatArray();
    for (int i = 0; i < right.length; i++) {
      assertThat((double) left[i]).isCloseTo(right[i], within(TOLERANCE));
    }
  }
}
