package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.prompt.Emphasis;
import dev.latente.prompt.PromptSyntax;
import dev.latente.sampling.SamplerKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Prompts in A1111's syntax, against pictures computed by tools/reference, and against each other.
class PromptParityTest {
  private static final Path PICTURES = Reference.FOLDER.resolve("prompts");

  private static final Map<String, TextToImage> MODELS = new HashMap<>();

  @BeforeAll
  static void open() throws IOException {
    for (String model : new String[] {"tiny-sd1", "tiny-sd2", "tiny-sdxl"}) {
      MODELS.put(model, Reference.open(model));
    }
  }

  @AfterAll
  static void close() {
    MODELS.values().forEach(TextToImage::close);
  }

  private static TextToImage model(String name) {
    return Objects.requireNonNull(MODELS.get(name));
  }

  @TestFactory
  Stream<DynamicTest> eachPictureIsThePlainComputations() {
    return StoredRequests.eachOf(PICTURES.resolve("requests.json"), 26, PromptParityTest::check);
  }

  private static void check(JsonNode test) throws IOException {
    PromptOptions options =
        PromptOptions.usual()
            .withEmphasis(Emphasis.named(test.path("emphasis").stringValue()))
            .withClipSkip(test.path("clip_skip").intValue());
    int side = test.path("side").intValue();
    ImageRequest request =
        ImageRequest.builder(test.path("prompt").stringValue())
            .negativePrompt(test.path("negative").stringValue())
            .size(side, side)
            .steps(test.path("steps").intValue())
            .sampler(SamplerKind.EULER)
            .guidance(test.path("guidance").doubleValue())
            .seed(test.path("seed").longValue())
            .prompts(options)
            .build();
    GeneratedImage drawn = model(test.path("model").stringValue()).generate(request).getFirst();
    assertThat(drawn.cutTokens()).isZero();
    Picture expected = Picture.read(PICTURES.resolve(test.path("file").stringValue()));
    PictureDifference.of(drawn.picture(), expected).isRounding();
  }

  private static ImageRequest.Builder request(String prompt) {
    return ImageRequest.builder(prompt).size(32, 32).steps(4).seed(5);
  }

  private static Picture draw(String model, String prompt) {
    return draw(model, request(prompt).build());
  }

  private static Picture draw(String model, ImageRequest request) {
    return model(model).generate(request).getFirst().picture();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "(a boat:1.0)         ; a boat ; A1111",
        "a boat :1            ; a boat ; A1111",
        "a boat AND a tree :0 ; a boat ; A1111",
        "[a boat:a tree:9]    ; a boat ; A1111", // never reached
        "[a boat:a tree:0]    ; a tree ; A1111",
        "[a boat|a boat]      ; a boat ; A1111",
        "\\(a\\) boat         ; (a) boat ; PLAIN",
        "a boat)              ; a boat) ; PLAIN",
        "a boat ::2           ; a boat : :2 ; A1111",
      })
  void signsMeanWhatTheySay(String prompt, String same, PromptSyntax syntax) {
    PromptOptions options = PromptOptions.usual().withSyntax(syntax);
    Picture expected = draw("tiny-sd1", request(same).prompts(options).build());
    PictureDifference.of(draw("tiny-sd1", prompt), expected).isRounding();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a boat:1.3)", "[a boat", "a boat :0.5", "[a boat:a tree:2]"})
  void plainPromptsAreReadByTheLetter(String prompt) {
    PromptOptions plain = PromptOptions.usual().withSyntax(PromptSyntax.PLAIN);
    assertThat(draw("tiny-sd1", request(prompt).prompts(plain).build()))
        .isNotEqualTo(draw("tiny-sd1", prompt));
  }

  @Test
  void onlyPlainPromptsAreCut() {
    String words = "boat ".repeat(200);
    ImageRequest whole = request(words).negativePrompt(words).build();
    PromptOptions plain = PromptOptions.usual().withSyntax(PromptSyntax.PLAIN);
    GeneratedImage cut =
        model("tiny-sd1").generate(whole.toBuilder().prompts(plain).build()).getFirst();
    assertThat(cut.cutTokens()).isPositive().isEqualTo(cut.cutNegativeTokens());
    GeneratedImage drawn = model("tiny-sd1").generate(whole).getFirst();
    assertThat(drawn.cutTokens()).isZero();
    assertThat(drawn.cutNegativeTokens()).isZero();
  }

  @Test
  void aLayerThatIsNotThereIsRefused() {
    ImageRequest request = request("a boat").prompts(PromptOptions.usual().withClipSkip(4)).build();
    assertThatThrownBy(() -> draw("tiny-sd1", request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("clip skip must be at most 3 for this model: 4");
    assertThatThrownBy(() -> PromptOptions.usual().withClipSkip(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("clip skip must be from 1 to 12: 0");
  }

  @Test
  void whatIsNotUsualStandsAmongTheParameters() {
    PromptOptions options = new PromptOptions(PromptSyntax.PLAIN, Emphasis.NO_NORM, 2);
    GeneratedImage drawn =
        model("tiny-sd1").generate(request("a boat").prompts(options).build()).getFirst();
    assertThat(drawn.parameters().values())
        .containsEntry("Clip skip", "2")
        .containsEntry("Emphasis", "No norm")
        .containsEntry("Prompt syntax", "plain");
    GeneratedImage usual = model("tiny-sd1").generate(request("a boat").build()).getFirst();
    assertThat(usual.parameters().values())
        .doesNotContainKeys("Clip skip", "Emphasis", "Prompt syntax");
  }
}
