package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.image.Png;
import dev.latente.model.EmbeddingFile;
import dev.latente.nn.ModelFormatException;
import dev.latente.prompt.PromptSyntax;
import dev.latente.sampling.SamplerKind;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Textual inversion, against pictures that diffusers drew; tools/reference made all of it.
class EmbeddingsTest {
  private static final Path FOLDER = Reference.FOLDER.resolve("embeddings");

  @TempDir Path folder;

  private static TextToImage open(String model, Embeddings embeddings) throws IOException {
    return TextToImage.open(
        Reference.FOLDER.resolve(model),
        LoadOptions.of(Device.CPU, Precision.F32).withEmbeddings(embeddings));
  }

  private static ImageRequest request(String prompt, String negative) {
    return ImageRequest.builder(prompt)
        .negativePrompt(negative)
        .size(32, 32)
        .steps(4)
        .guidance(6)
        .sampler(SamplerKind.EULER)
        .seed(4)
        .build();
  }

  private static Picture draw(TextToImage model, String prompt) {
    return model.generate(request(prompt, "blurry")).getFirst().picture();
  }

  @TestFactory
  Stream<DynamicTest> eachPictureIsDiffusersPicture() {
    return StoredRequests.eachOf(FOLDER.resolve("requests.json"), 5, EmbeddingsTest::check);
  }

  private static void check(JsonNode test) throws IOException {
    Embeddings embeddings = Embeddings.none();
    for (Map.Entry<String, JsonNode> given : test.path("embeddings").properties()) {
      Path file = FOLDER.resolve(given.getValue().stringValue());
      embeddings = embeddings.with(given.getKey(), file);
    }
    Picture expected = Picture.read(FOLDER.resolve(test.path("file").stringValue()));
    ImageRequest request =
        request(test.path("prompt").stringValue(), test.path("negative").stringValue());
    try (TextToImage model = open(test.path("model").stringValue(), embeddings)) {
      for (PromptSyntax syntax : PromptSyntax.values()) {
        PromptOptions options = PromptOptions.usual().withSyntax(syntax);
        ImageRequest read = request.toBuilder().prompts(options).build();
        PictureDifference.of(model.generate(read).getFirst().picture(), expected).isRounding();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameters.pt", "text.png", "pixels.png"})
  void eachFormHoldsTheSameVectors(String file) throws IOException {
    EmbeddingFile read = Embeddings.read(FOLDER.resolve(file));
    EmbeddingFile expected = Embeddings.read(FOLDER.resolve("two.pt"));
    assertThat(read.vectors()).hasSize(1);
    assertThat(read.vectors().getFirst().count()).isEqualTo(2);
    assertThat(read.vectors().getFirst().values())
        .containsExactly(expected.vectors().getFirst().values());
  }

  @Test
  void aWordIsFoundWholeInAnyCaseAndWeighted() throws IOException {
    Embeddings known = Embeddings.none().withFolder(FOLDER).with("lake", FOLDER.resolve("two.pt"));
    try (TextToImage model = open("tiny-sd1", known);
        TextToImage bare = open("tiny-sd1", Embeddings.none())) {
      assertThat(draw(model, "a TWO boat")).isEqualTo(draw(model, "a two boat"));
      assertThat(draw(model, "a two boat")).isEqualTo(draw(model, "a lake boat"));
      assertThat(draw(model, "a two boat")).isNotEqualTo(draw(bare, "a two boat"));
      assertThat(draw(model, "a twos boat, (lakes:1.2)"))
          .isEqualTo(draw(bare, "a twos boat, (lakes:1.2)"));
      assertThat(draw(model, "a (two:1.3) boat")).isNotEqualTo(draw(model, "a two boat"));
      assertThat(draw(model, "a [two:three:2] boat")).isNotEqualTo(draw(model, "a two boat"));
    }
  }

  @Test
  void aPictureTellsWhichItsPromptsName() throws IOException {
    Embeddings known = Embeddings.none().withFolder(FOLDER);
    try (TextToImage model = open("tiny-sd1", known)) {
      GeneratedImage drawn = model.generate(request("a two boat", "three")).getFirst();
      assertThat(drawn.embeddings()).containsOnlyKeys("two", "three");
      String hash = drawn.embeddings().get("two");
      assertThat(hash).matches("[0-9a-f]{12}");
      assertThat(drawn.parameters().values().get("TI hashes")).contains("two: " + hash);
      assertThat(drawn.parameters().format()).contains("TI hashes: \"three: ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tiny-sd1, wide.safetensors, 'width [32] for this model, found [24, 32]'",
    "tiny-sd2, two.pt, 'width [48] for this model, found [32]'",
    "tiny-sdxl, two.pt, 'width [24, 32] for this model, found [32]'"
  })
  void oneForOtherEncodersIsRefused(String model, String file, String message) throws IOException {
    Path path = FOLDER.resolve(file);
    try (TextToImage loaded = open(model, Embeddings.none().with("word", path))) {
      assertThat(draw(loaded, "a boat").width()).isEqualTo(32); // not named, not needed
      assertThatThrownBy(() -> draw(loaded, "a word"))
          .isInstanceOf(ModelFormatException.class)
          .hasMessage("%s: expected an embedding of %s", path, message);
    }
  }

  @Test
  void filesThatHoldNoneAreRefused() throws IOException {
    assertThatThrownBy(() -> Embeddings.none().with(folder.resolve("none.pt")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "%s: expected a file with an embedding, found nothing", folder.resolve("none.pt"));
    assertThatThrownBy(() -> Embeddings.none().withFolder(folder.resolve("none")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("expected a folder of embeddings, found none");
    assertThatThrownBy(() -> Embeddings.none().with(" ", FOLDER.resolve("two.pt")))
        .isInstanceOf(IllegalArgumentException.class);
    Path weights = Reference.FOLDER.resolve("tiny-sd1/unet/diffusion_pytorch_model.safetensors");
    assertThatThrownBy(() -> Embeddings.read(weights))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("expected a textual inversion (string_to_param, emb_params,");
    assertThatThrownBy(() -> Embeddings.read(FOLDER.resolve("one.png")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith(
            "expected a picture that holds an embedding, found one that does not");
    Picture picture = Picture.read(FOLDER.resolve("one.png"));
    for (String json : new String[] {"{", "{}", "[]", "{\"string_to_param\": {\"*\": 1}}"}) {
      String text = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
      refused(Map.of("sd-ti-embedding", text), picture);
    }
    refused(Map.of("sd-ti-embedding", "%%%%"), picture);
    String rows = "{\"string_to_param\": {\"*\": {\"TORCHTENSOR\": [[1, 2], [\"x\", 1]]}}}";
    String text = Base64.getEncoder().encodeToString(rows.getBytes(StandardCharsets.UTF_8));
    refused(Map.of("sd-ti-embedding", text), picture);
  }

  private void refused(Map<String, String> text, Picture picture) throws IOException {
    Path file = folder.resolve("broken.png");
    Files.deleteIfExists(file);
    Png.write(file, picture, text);
    assertThatThrownBy(() -> Embeddings.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file.toString());
  }
}
