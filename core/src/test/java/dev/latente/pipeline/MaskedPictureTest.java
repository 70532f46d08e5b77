package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.image.Picture;
import dev.latente.image.Region;
import dev.latente.prompt.PromptSyntax;
import dev.latente.sampling.SamplerKind;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.testing.ControlMap;
import java.io.IOException;
import java.nio.file.Path;
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

/// Pictures redrawn in part, against diffusers' inpainting pipeline and plain PyTorch, run by
/// tools/reference/masks.py.
class MaskedPictureTest {
  private static final Path FOLDER = Reference.FOLDER.resolve("masks");
  private static final JsonNode ALL =
      JsonMapper.shared().readTree(FOLDER.resolve("requests.json").toFile());

  private static Map<String, TextToImage> models = Map.of();

  @TempDir static Path folder;

  @BeforeAll
  static void open() throws IOException {
    InpaintingModel.write(Reference.FOLDER.resolve("tiny-sd1"), folder);
    models =
        Map.of(
            "tiny-sd1",
            Reference.open("tiny-sd1"),
            "inpainting",
            TextToImage.open(folder, Device.CPU, Precision.F32));
  }

  @AfterAll
  static void close() {
    models.values().forEach(TextToImage::close);
  }

  @TestFactory
  Stream<DynamicTest> eachPictureIsTheReferences() {
    assertThat(ALL.path("requests").size()).isEqualTo(13);
    return ALL.path("requests")
        .valueStream()
        .map(test -> DynamicTest.dynamicTest(test.path("name").stringValue(), () -> check(test)));
  }

  private static void check(JsonNode test) throws IOException {
    String name = test.path("name").stringValue();
    StartPicture start =
        switch (test.path("kind").stringValue()) {
          case "crop" -> crop(name, test);
          case "part" -> part(test);
          default -> extended(test);
        };
    MaskOptions raw = start.masking().withPaste(false);
    String expected = start.masking().padding().isPresent() ? name + "-raw" : name;
    PictureDifference drawn =
        PictureDifference.of(draw(test, start.withMasking(raw)), read(expected));
    if (name.equals("crop-large")) {
      // nearly all is redrawn by a network of random weights, in which errors grow: more values
      // than elsewhere lie near a border between two levels
      assertThat(drawn.most()).isLessThanOrEqualTo(1);
      return;
    }
    drawn.isRounding();
    if (start.masking().padding().isPresent()) {
      // pasted back, without a feather, which diffusers has not
      StartPicture hard = start.withMasking(start.masking().withFeather(0));
      PictureDifference.of(draw(test, hard), read(name)).isRounding();
    }
  }

  private static StartPicture crop(String name, JsonNode test) throws IOException {
    return StartPicture.of(read("wide"), test.path("strength").doubleValue())
        .withMask(read(name + "-mask"))
        .withMasking(MaskOptions.usual().withPadding(test.path("padding").intValue()));
  }

  private static StartPicture part(JsonNode test) throws IOException {
    return StartPicture.of(ControlMap.of(64, 48), test.path("strength").doubleValue())
        .withMask(read(test.path("mask").stringValue()))
        .withMasking(MaskOptions.usual().withFill(MaskFill.named(test.path("fill").stringValue())));
  }

  private static StartPicture extended(JsonNode test) {
    return StartPicture.of(ControlMap.of(44, 40), test.path("strength").doubleValue())
        .withExtension(Extension.parse("left=16,top=8,overlap=7"))
        .withMasking(MaskOptions.usual().withFill(MaskFill.BLUR));
  }

  private static Picture draw(JsonNode test, StartPicture start) {
    JsonNode size = test.path("size");
    TextToImage model = Objects.requireNonNull(models.get(test.path("model").stringValue()));
    ImageRequest request =
        ImageRequest.builder(ALL.path("prompt").stringValue())
            .negativePrompt(ALL.path("negative_prompt").stringValue())
            .size(size.path(0).asInt(64), size.path(1).asInt(48))
            .steps(ALL.path("steps").intValue())
            .guidance(ALL.path("guidance").doubleValue())
            .seed(ALL.path("seed").longValue())
            .sampler(SamplerKind.named(test.path("sampler").stringValue()))
            .prompts(PromptOptions.usual().withSyntax(PromptSyntax.PLAIN))
            .start(start)
            .build();
    return model.generate(request).getFirst().picture();
  }

  private static Picture read(String name) throws IOException {
    return Picture.read(FOLDER.resolve(name + ".png"));
  }

  @Test
  void aCropChangesThePictureInsideTheMaskAlone() throws IOException {
    JsonNode test = ALL.path("requests").path(0);
    Picture whole = read("wide");
    Picture mask = read("crop-square-mask");
    Picture drawn = draw(test, crop("crop-square", test));
    int changed = 0;
    int inside = 0;
    for (int i = 0; i < 120 * 88; i++) {
      boolean same = drawn.at(i % 120, i / 120) == whole.at(i % 120, i / 120);
      boolean masked = mask.at(i % 120, i / 120) != 0;
      assertThat(same || masked).isTrue();
      inside += masked ? 1 : 0;
      changed += same ? 0 : 1;
    }
    assertThat(changed).isGreaterThan(inside * 3 / 4);
  }

  @Test
  void whatThePictureHadBeforeItGrewIsTheSameFartherInThanTheOverlap() throws IOException {
    JsonNode test = ALL.path("requests").path(12);
    Picture old = ControlMap.of(44, 40);
    Picture drawn = draw(test, extended(test));
    Picture kept = drawn.cropped(20 + 7, 8 + 7, 44 - 7, 40 - 7);
    assertThat(kept).isEqualTo(old.cropped(7, 7, 44 - 7, 40 - 7));
    assertThat(drawn.cropped(20, 8, 44, 7)).isNotEqualTo(old.cropped(0, 0, 44, 7));
  }

  @Test
  void theMarkReachesOnlyWhatIsRedrawn() throws IOException {
    JsonNode test = ALL.path("requests").path(0);
    Picture whole = read("wide");
    Canvas canvas = Canvas.of(crop("crop-square", test), 64, 64);
    Picture marked = canvas.pasted(Picture.black(64, 64), picture -> Picture.black(120, 88));
    Region around = canvas.region().orElseThrow();
    assertThat(marked.at(0, 0)).isEqualTo(whole.at(0, 0));
    assertThat(marked.at(50, 40)).isZero();
    assertThat(around).isEqualTo(new Region(29, 19, 43, 43));
  }
}
