package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.sampling.SamplerKind;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Pictures with what only some requests ask for, against those of diffusers, made by
/// tools/reference: eta, guidance rescale, zero terminal SNR, SDXL's sizes, and a refiner.
class MorePicturesParityTest {
  private static final Path PICTURES = Reference.FOLDER.resolve("more-pictures");
  private static final String XL = "tiny-sdxl";

  private static final Map<String, TextToImage> MODELS = new HashMap<>();

  @TempDir private static Path folder;

  @BeforeAll
  static void open() throws IOException {
    for (String name : List.of("tiny-sd1", "tiny-sd2")) {
      MODELS.put(name, Reference.open(name));
    }
    LoadOptions options =
        LoadOptions.of(Device.CPU, Precision.F32)
            .withRefiner(Reference.wholeXl("tiny-sdxl-refiner", folder));
    MODELS.put(XL, TextToImage.open(Reference.FOLDER.resolve(XL), options));
  }

  @AfterAll
  static void close() {
    MODELS.values().forEach(TextToImage::close);
  }

  @TestFactory
  Stream<DynamicTest> eachPictureIsDiffusersPicture() {
    return StoredRequests.eachOf(
        PICTURES.resolve("requests.json"), 11, MorePicturesParityTest::check);
  }

  private static void check(JsonNode test) throws IOException {
    GeneratedImage drawn =
        model(test.path("model").stringValue()).generate(request(test)).getFirst();
    Picture expected = Picture.read(PICTURES.resolve(test.path("file").stringValue()));
    PictureDifference.of(drawn.picture(), expected).isRounding();
    assertThat(drawn.refiner()).isEqualTo(text(test, "refiner"));
  }

  private static Optional<String> text(JsonNode test, String name) {
    return test.has(name) ? Optional.of(test.path(name).stringValue()) : Optional.empty();
  }

  private static TextToImage model(String name) {
    return Objects.requireNonNull(MODELS.get(name));
  }

  private static ImageRequest request(JsonNode test) {
    ImageRequest.Builder builder =
        ImageRequest.builder(test.path("prompt").stringValue())
            .negativePrompt(test.path("negative_prompt").stringValue())
            .size(test.path("width").intValue(), test.path("height").intValue())
            .steps(test.path("steps").intValue())
            .guidance(test.path("guidance").doubleValue())
            .seed(test.path("seed").longValue())
            .sampler(text(test, "sampler").map(SamplerKind::named))
            .sampling(sampling(test))
            .micro(micro(test));
    if (test.has("refiner_at")) {
      builder.refinerAt(test.path("refiner_at").doubleValue());
    }
    return builder.build();
  }

  private static SamplingOptions sampling(JsonNode test) {
    SamplingOptions options =
        SamplingOptions.usual()
            .withGuidanceRescale(test.path("guidance_rescale").doubleValue(0))
            .withZeroTerminalSnr(test.path("zero_terminal_snr").booleanValue(false));
    return test.has("eta") ? options.withEta(test.path("eta").doubleValue()) : options;
  }

  private static MicroConditioning micro(JsonNode test) {
    MicroConditioning told = MicroConditioning.usual();
    if (test.has("original_size")) {
      told = told.withFrame(frame(test, ""));
    }
    if (test.has("negative_original_size")) {
      told = told.withNegativeFrame(frame(test, "negative_"));
    }
    return test.has("score")
        ? told.withScores(
            test.path("score").doubleValue(), test.path("negative_score").doubleValue())
        : told;
  }

  private static Frame frame(JsonNode test, String which) {
    int[] crop = pair(test, which + "crop");
    return Frame.whole()
        .withOriginal(size(test, which + "original_size"))
        .withCrop(crop[0], crop[1])
        .withTarget(size(test, which + "target_size"));
  }

  private static PixelSize size(JsonNode test, String name) {
    int[] pair = pair(test, name);
    return new PixelSize(pair[0], pair[1]);
  }

  private static int[] pair(JsonNode test, String name) {
    JsonNode two = test.path(name);
    return IntStream.range(0, 2).map(i -> two.path(i).intValue()).toArray();
  }

  @Test
  void aRefinerEndsEachPictureOfARequest() {
    ImageRequest request =
        model(XL).request("a red boat").steps(4).seed(3).count(2).refinerAt(0.5).build();
    List<String> heard = new ArrayList<>();
    List<GeneratedImage> two = new ArrayList<>();
    model(XL)
        .generate(
            request,
            step -> heard.add(step.picture() + ":" + step.step() + "=" + step.taken()),
            two::add);
    assertThat(heard)
        .containsExactly("1:1=1", "1:2=2", "2:1=3", "2:2=4", "1:3=5", "1:4=6", "2:3=7", "2:4=8");
    for (GeneratedImage image : two) {
      assertThat(model(XL).generate(image.request()).getFirst().picture())
          .isEqualTo(image.picture());
      assertThat(image.parameters().value("Refiner")).contains("tiny-sdxl-refiner");
      assertThat(image.parameters().value("Refiner switch at")).contains("0.5");
    }
  }

  @Test
  void aHandOverNeedsARefinerAndAStepForEach() {
    ImageRequest request = model("tiny-sd1").request("a boat").refinerAt(0.8).build();
    assertThatThrownBy(() -> model("tiny-sd1").generate(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a hand-over at 0.8 needs a refiner: none was opened with the model");
    ImageRequest late = model(XL).request("a boat").steps(3).refinerAt(0.9999).build();
    assertThatThrownBy(() -> model(XL).generate(late))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a hand-over at 0.9999 leaves the refiner none of 3 steps");
    assertThatThrownBy(() -> model(XL).request("a boat").refinerAt(1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a refiner goes on between 0 and 1: 1.0");
  }
}
