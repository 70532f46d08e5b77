package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.nn.ModelFormatException;
import dev.latente.prompt.PromptSyntax;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.Schedule;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Whole pictures of SDXL's base, its refiner, and a model with guidance built in, against those of
/// diffusers, made by tools/reference.
class ExtraLargeParityTest {
  private static final String BASE = "tiny-sdxl";
  private static final String REFINER = "tiny-sdxl-refiner";
  private static final String DISTILLED = "tiny-sdxl-lcm";
  private static final Path PICTURES = Reference.FOLDER.resolve("tiny-sdxl-pictures");

  private static final Map<String, TextToImage> MODELS = new HashMap<>();

  @TempDir private static Path folder;

  @BeforeAll
  static void open() throws IOException {
    for (String name : List.of(BASE, REFINER, DISTILLED)) {
      MODELS.put(
          name, TextToImage.open(Reference.wholeXl(name, folder), Device.CPU, Precision.F32));
    }
  }

  @AfterAll
  static void close() {
    MODELS.values().forEach(TextToImage::close);
  }

  @TestFactory
  Stream<DynamicTest> eachPictureIsDiffusersPicture() {
    return StoredRequests.eachOf(
        PICTURES.resolve("requests.json"), 12, ExtraLargeParityTest::check);
  }

  private static void check(JsonNode test) throws IOException {
    ImageRequest request =
        ImageRequest.builder(test.path("prompt").stringValue())
            .negativePrompt(test.path("negative_prompt").stringValue())
            .size(test.path("width").intValue(), test.path("height").intValue())
            .steps(test.path("steps").intValue())
            .guidance(test.path("guidance").doubleValue())
            .seed(test.path("seed").longValue())
            .prompts(PromptOptions.usual().withSyntax(PromptSyntax.PLAIN))
            .build();
    Picture drawn = draw(test.path("model").stringValue(), request);
    Picture expected = Picture.read(PICTURES.resolve(test.path("file").stringValue()));
    PictureDifference.of(drawn, expected).isRounding();
  }

  private static TextToImage model(String name) {
    return Objects.requireNonNull(MODELS.get(name));
  }

  private static Picture draw(String name, ImageRequest request) {
    return model(name).generate(request).getFirst().picture();
  }

  @Test
  void eachKindIsSampledInItsOwnWay() {
    ModelDefaults euler =
        new ModelDefaults(64, 64, 20, 5, SamplerKind.EULER, Schedule.LEADING, 0.7);
    assertThat(model(BASE).defaults()).isEqualTo(euler);
    assertThat(model(REFINER).defaults()).isEqualTo(euler);
    assertThat(model(DISTILLED).defaults().steps()).isEqualTo(4);
    assertThat(model(DISTILLED).defaults().guidance()).isEqualTo(8.5);
    assertThat(model(DISTILLED).defaults().sampler()).isEqualTo(SamplerKind.LCM);
  }

  @Test
  void guidanceThatIsBuiltInIgnoresTheNegativePrompt() {
    ImageRequest request = model(DISTILLED).request("a red boat").steps(2).build();
    assertThat(draw(DISTILLED, request.toBuilder().negativePrompt("blurry").build()))
        .isEqualTo(draw(DISTILLED, request));
    assertThat(draw(BASE, request.toBuilder().negativePrompt("blurry").build()))
        .isNotEqualTo(draw(BASE, request));
    BatchTest.isAsAlone(model(DISTILLED), request.toBuilder());
  }

  @Test
  void aModelWithoutItsSecondEncoderIsRefused() throws IOException {
    Path broken = folder.resolve("broken");
    Reference.copy(Reference.FOLDER.resolve(BASE), broken);
    Path index = broken.resolve("model_index.json");
    Files.writeString(
        index,
        Files.readString(index)
            .replace("\"text_encoder_2\"", "\"other\"")
            .replace("\"CLIPTextModel\"", "\"CLIPTextModelWithProjection\""));
    assertThatThrownBy(() -> TextToImage.open(broken, Device.CPU, Precision.F32).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "%s: expected projection_class_embeddings_input_dim 72 or 64, found 68", broken);
  }
}
