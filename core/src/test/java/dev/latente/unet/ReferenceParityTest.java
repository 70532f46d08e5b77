package dev.latente.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.image.Picture;
import dev.latente.model.Checkpoint;
import dev.latente.model.ReferenceModelFile;
import dev.latente.model.SafetensorsFile;
import dev.latente.model.VisionPart;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.TensorSource;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vision.ClipVisionEncoder;
import dev.latente.vision.ImageProjection;
import dev.latente.vision.Resampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reference models (IP-Adapter) against diffusers, run by tools/reference.
class ReferenceParityTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference");
  private static final Path FOLDER = REFERENCE.resolve("ip-adapter");

  /// Single precision has a relative error of 6e-8 an operation; some hundred follow one another.
  private static final double TOLERANCE = 5e-5;

  private static <T> T build(TensorSource source, Function<Weights, T> factory) {
    StoredWeights weights = new StoredWeights(source, Device.CPU, Precision.F32);
    T built = factory.apply(Weights.of(weights));
    weights.finish(_ -> false);
    return built;
  }

  private static ImageProjection projection(ReferenceModelFile file) {
    return build(
        file.projection(),
        at ->
            switch (file.kind()) {
              case ReferenceModelFile.Kind.Whole(int in, int tokens) ->
                  ImageProjection.Whole.of(at, in, file.context(), tokens);
              case ReferenceModelFile.Kind.Squares(Resampler.Sizes sizes) ->
                  new ImageProjection.Squares(Resampler.of(at, sizes));
            });
  }

  private static void close(Tensor found, Tensor expected) {
    float[] values = found.toFloatArray();
    float[] wanted = expected.toFloatArray();
    assertThat(found.shape()).isEqualTo(expected.shape());
    for (int i = 0; i < wanted.length; i++) {
      double size = Math.max(1, Math.abs(wanted[i]));
      assertThat((double) values[i]).isCloseTo(wanted[i], within(TOLERANCE * size));
    }
  }

  @ParameterizedTest
  @CsvSource({"plain, plain.bin", "plus, plus.safetensors"})
  void aPictureIsHeededAsByDiffusers(String kind, String name) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(REFERENCE.resolve("tiny-sd1"), Precision.F32);
        ReferenceModelFile file = ReferenceModelFile.open(FOLDER.resolve(name));
        VisionPart vision =
            VisionPart.imageEncoder(REFERENCE.resolve("tiny-vision/image_encoder"), Precision.F32);
        SafetensorsFile numbers = SafetensorsFile.open(FOLDER.resolve("numbers.safetensors"));
        Scope _ = Scope.open()) {
      Function<String, Tensor> number = key -> numbers.read(key, Precision.F32);
      UNet unet = build(checkpoint.unet().weights(), at -> UNet.of(at, checkpoint.unet().config()));
      ClipVisionEncoder encoder =
          build(vision.weights(), at -> ClipVisionEncoder.of(at, vision.config()));
      ImageProjection projection = projection(file);
      ReferenceMaps maps =
          build(file.maps(), at -> ReferenceMaps.of(at, unet.crossAttentions(), file.context()));
      Picture wide = Picture.read(REFERENCE.resolve("tiny-vision/pictures/wide.png"));
      Tensor pixels = vision.processor().pixels(List.of(wide));
      Tensor tokens = projection.tokens(encoder, pixels);
      Tensor empty = projection.empty(encoder, pixels);
      close(tokens, number.apply(kind + ".tokens"));
      close(empty, number.apply(kind + ".empty"));

      Tensor both = Tensor.concat(0, empty, tokens);
      Conditioning told = Conditioning.of(number.apply("unet.context"));
      Tensor x = number.apply("unet.sample");
      Function<ToDoubleFunction<String>, Tensor> output =
          weight ->
              unet.predict(
                  x,
                  Tensor.full(500, 2),
                  told.withReferences(List.of(maps.reference(both, weight))));
      close(output.apply(_ -> 1), number.apply("unet." + kind + ".one"));
      close(output.apply(ReferenceParityTest::inBlocks), number.apply("unet." + kind + ".blocks"));
      assertThat(output.apply(_ -> 0).toFloatArray())
          .isEqualTo(unet.predict(x, Tensor.full(500, 2), told).toFloatArray());
    }
  }

  private static double inBlocks(String attention) {
    if (attention.startsWith("down_blocks.1.attentions.1.")) {
      return 1;
    }
    if (attention.startsWith("up_blocks.1.attentions.0.")) {
      return 0.5;
    }
    return attention.startsWith("up_blocks.1.attentions.2.") ? 1.5 : 0;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd1", "tiny-sdxl"})
  void attentionsAreCountedAsInTheFiles(String model) throws IOException {
    JsonNode orders = JsonMapper.shared().readTree(FOLDER.resolve("attentions.json").toFile());
    try (Checkpoint checkpoint = Checkpoint.open(REFERENCE.resolve(model), Precision.F32);
        Scope _ = Scope.open()) {
      UNet unet = build(checkpoint.unet().weights(), at -> UNet.of(at, checkpoint.unet().config()));
      assertThat(unet.crossAttentions())
          .extracting(CrossAttention::name)
          .isEqualTo(orders.path(model).valueStream().map(JsonNode::stringValue).toList());
    }
  }

  @Test
  void anotherFileIsRefused() {
    Path unet = REFERENCE.resolve("tiny-sd1/unet/diffusion_pytorch_model.safetensors");
    assertThatThrownBy(() -> ReferenceModelFile.open(unet))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("expected a reference model (image_proj and ip_adapter)");
  }
}
