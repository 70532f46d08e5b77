package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.image.Picture;
import dev.latente.prompt.PromptSyntax;
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
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// Pictures with LoRAs against those of diffusers and PEFT, made by tools/reference.
class LoraParityTest {
  private static final Path LORAS = Reference.FOLDER.resolve("lora");

  private static final Map<String, TextToImage> MODELS = new HashMap<>();

  @BeforeAll
  static void open() throws IOException {
    for (String model : new String[] {"tiny-sd1", "tiny-sdxl"}) {
      MODELS.put(model, Reference.open(model));
    }
  }

  @AfterAll
  static void close() {
    MODELS.values().forEach(TextToImage::close);
  }

  @TestFactory
  Stream<DynamicTest> eachPictureIsDiffusersPicture() {
    return StoredRequests.eachOf(LORAS.resolve("requests.json"), 8, LoraParityTest::check);
  }

  private static void check(JsonNode test) throws IOException {
    TextToImage model = Objects.requireNonNull(MODELS.get(test.path("model").stringValue()));
    GeneratedImage drawn = model.generate(request(test)).getFirst();
    assertThat(drawn.loras()).hasSize(test.path("loras").size());
    assertThat(drawn.loras()).allMatch(lora -> lora.unmatched().isEmpty());
    Picture expected = Picture.read(LORAS.resolve(test.path("file").stringValue()));
    PictureDifference.of(drawn.picture(), expected).isRounding();
    BatchTest.isAsAlone(model, request(test).toBuilder());
  }

  private static ImageRequest request(JsonNode test) {
    List<LoraUse> loras = new ArrayList<>();
    for (JsonNode lora : test.path("loras")) {
      loras.add(
          new LoraUse(
              LORAS.resolve(lora.path("file").stringValue()),
              lora.path("unet").doubleValue(),
              lora.path("text").doubleValue()));
    }
    return ImageRequest.builder(test.path("prompt").stringValue())
        .negativePrompt(test.path("negative_prompt").stringValue())
        .prompts(PromptOptions.usual().withSyntax(PromptSyntax.PLAIN))
        .size(test.path("width").intValue(), test.path("height").intValue())
        .steps(test.path("steps").intValue())
        .guidance(test.path("guidance").doubleValue())
        .seed(test.path("seed").longValue())
        .loras(LoraOptions.of(loras.toArray(LoraUse[]::new)))
        .build();
  }
}
