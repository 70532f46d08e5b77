package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Fit;
import dev.latente.image.Picture;
import dev.latente.prompt.PromptSyntax;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Pictures that begin with a picture, against diffusers' pipelines, made by tools/reference.
class StartPictureTest {
  private static final Path FOLDER = Reference.FOLDER.resolve("image-to-image");
  private static final Map<String, TextToImage> MODELS = new HashMap<>();

  @TempDir static Path folder;

  @BeforeAll
  static void open() throws IOException {
    for (String model : new String[] {"tiny-sd1", "tiny-sdxl"}) {
      MODELS.put(model, Reference.open(model));
    }
    InpaintingModel.write(Reference.FOLDER.resolve("tiny-sd1"), folder);
    MODELS.put("inpainting", TextToImage.open(folder, Device.CPU, Precision.F32));
  }

  @AfterAll
  static void close() {
    MODELS.values().forEach(TextToImage::close);
  }

  @TestFactory
  Stream<DynamicTest> eachPictureIsDiffusersPicture() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String file : List.of("requests.json", "inpainting.json")) {
      JsonNode all = JsonMapper.shared().readTree(FOLDER.resolve(file).toFile());
      for (JsonNode test : all.path("requests")) {
        String name = test.path("name").stringValue();
        tests.add(DynamicTest.dynamicTest(name, () -> check(all, test)));
      }
    }
    assertThat(tests).hasSize(12);
    return tests.stream();
  }

  private static void check(JsonNode all, JsonNode test) throws IOException {
    ImageRequest.Builder request =
        ImageRequest.builder(all.path("prompt").stringValue())
            .negativePrompt(all.path("negative_prompt").stringValue())
            .size(64, 64)
            .steps(test.path("steps").intValue())
            .guidance(test.path("guidance").doubleValue())
            .seed(test.path("seed").longValue())
            .prompts(PromptOptions.usual().withSyntax(PromptSyntax.PLAIN))
            .start(start(test));
    if (!test.path("sampler").stringValue().equals("default")) {
      request.sampler(SamplerKind.named(test.path("sampler").stringValue()));
    }
    Picture drawn = model(test).generate(request.build()).getFirst().picture();
    Picture expected = Picture.read(FOLDER.resolve(test.path("name").stringValue() + ".png"));
    PictureDifference.of(drawn, expected).isRounding();
  }

  /// diffusers' LMS with the order that it has slopes for; its own is wrong here: see
  /// [dev.latente.sampling.LinearMultistep].
  @Test
  void linearMultistepBeginsAnewInTheMiddle() throws IOException {
    TextToImage model = Objects.requireNonNull(MODELS.get("tiny-sd1"));
    ImageRequest request =
        model
            .request("a red boat on a calm lake at sunset")
            .negativePrompt("blurry, a house in the snow")
            .size(64, 64)
            .steps(12)
            .guidance(6)
            .seed(11)
            .sampler(SamplerKind.LMS)
            .start(StartPicture.of(Picture.read(FOLDER.resolve("start.png")), 0.6))
            .build();
    Picture drawn = model.generate(request).getFirst().picture();
    PictureDifference.of(drawn, Picture.read(FOLDER.resolve("late-lms.png"))).isRounding();
  }

  private static TextToImage model(JsonNode test) {
    return Objects.requireNonNull(MODELS.get(test.path("model").stringValue()));
  }

  private static StartPicture start(JsonNode test) throws IOException {
    Picture picture = Picture.read(FOLDER.resolve("start.png"));
    double strength = test.path("strength").doubleValue();
    if (!test.path("kind").stringValue().equals("mask")) {
      return StartPicture.of(picture, strength);
    }
    return StartPicture.of(Fit.STRETCH.apply(picture, 64, 64), strength)
        .withMask(mask())
        .withMasking(MaskOptions.usual().withPaste(false));
  }

  private static Picture mask() throws IOException {
    return Picture.read(FOLDER.resolve("mask.png"));
  }

  @Test
  void outsideTheMaskThePictureComesBackBitForBit() throws IOException {
    Picture picture = Fit.STRETCH.apply(Picture.read(FOLDER.resolve("start.png")), 64, 64);
    StartPicture start = StartPicture.of(picture, 0.5).withMask(mask());
    TextToImage model = Objects.requireNonNull(MODELS.get("tiny-sd1"));
    GeneratedImage image =
        model
            .generate(model.request("a boat").size(64, 64).steps(4).start(start).build())
            .getFirst();
    assertThat(image.parameters().value("Denoising strength")).contains("0.5");
    int changed = 0;
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 64; x++) {
        boolean redrawn = y >= 16 && y < 48 && x >= 24;
        boolean same = image.picture().at(x, y) == picture.at(x, y);
        assertThat(redrawn || same).isTrue();
        changed += same ? 0 : 1;
      }
    }
    assertThat(changed).isGreaterThan(32 * 40 / 2);
  }

  @Test
  void aStrengthThatLeavesNoStepIsRefused() throws IOException {
    Picture picture = mask();
    TextToImage model = Objects.requireNonNull(MODELS.get("tiny-sd1"));
    assertThatThrownBy(() ->
            model.generate(model.request("").steps(4).start(StartPicture.of(picture, 0.2)).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("strength must leave at least one of 4 steps: 0.2");
    assertThatThrownBy(() -> StartPicture.of(picture, 1.5))
        .hasMessage("strength must be from 0 to 1: 1.5");
  }

  @Test
  void anInpaintingModelNeedsAMask() {
    TextToImage model = Objects.requireNonNull(MODELS.get("inpainting"));
    assertThatThrownBy(() -> model.generate(model.request("a boat").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("redraws under a mask: none was given");
  }

  @Test
  void aMaskHasThePicturesSize() throws IOException {
    Picture picture = Picture.read(FOLDER.resolve("start.png"));
    Picture mask = mask();
    assertThatThrownBy(() -> StartPicture.of(picture, 0.5).withMask(mask))
        .hasMessage("mask must have the picture's size 88x72: 64x64");
  }
}
