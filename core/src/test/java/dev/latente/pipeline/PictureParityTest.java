package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.image.Picture;
import dev.latente.prompt.PromptSyntax;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// Whole pictures against those of diffusers' `StableDiffusionPipeline`, made by tools/reference.
class PictureParityTest {
  private static final Path PICTURES = Reference.FOLDER.resolve("pictures");

  private static final Map<String, TextToImage> MODELS = new HashMap<>();

  @BeforeAll
  static void open() throws IOException {
    for (String model : new String[] {"tiny-sd1", "tiny-sd2"}) {
      MODELS.put(model, Reference.open(model));
    }
  }

  @AfterAll
  static void close() {
    MODELS.values().forEach(TextToImage::close);
  }

  @TestFactory
  Stream<DynamicTest> eachPictureIsDiffusersPicture() {
    return StoredRequests.eachOf(PICTURES.resolve("requests.json"), 42, PictureParityTest::check);
  }

  private static void check(JsonNode test) throws IOException {
    TextToImage model = Objects.requireNonNull(MODELS.get(test.path("model").stringValue()));
    GeneratedImage drawn = model.generate(request(test)).getFirst();
    assertThat(drawn.sampler().className()).isEqualTo(test.path("scheduler").stringValue());
    Picture expected = Picture.read(PICTURES.resolve(test.path("file").stringValue()));
    PictureDifference.of(drawn.picture(), expected).isRounding();
  }

  private static ImageRequest request(JsonNode test) {
    ImageRequest.Builder builder =
        ImageRequest.builder(test.path("prompt").stringValue())
            .negativePrompt(test.path("negative_prompt").stringValue())
            .size(test.path("width").intValue(), test.path("height").intValue())
            .steps(test.path("steps").intValue())
            .guidance(test.path("guidance").doubleValue())
            .seed(test.path("seed").longValue())
            .prompts(PromptOptions.usual().withSyntax(PromptSyntax.PLAIN));
    if (!test.path("sampler").stringValue().equals("default")) {
      builder.sampler(SamplerKind.named(test.path("sampler").stringValue()));
    }
    JsonNode options = test.path("options");
    if (options.path("use_karras_sigmas").booleanValue(false)) {
      builder.schedule(Schedule.KARRAS);
    }
    if (options.has("timestep_spacing")) {
      builder.schedule(Schedule.named(options.path("timestep_spacing").stringValue()));
    }
    return builder.build();
  }
}
