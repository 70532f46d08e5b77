package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.nn.ModelFormatException;
import dev.latente.sampling.SamplerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Pictures that look at others, against diffusers' `load_ip_adapter`, run by
/// tools/reference/ip_adapter.py.
class ReferencePictureTest {
  private static final Path ADAPTERS = Reference.FOLDER.resolve("ip-adapter");
  private static final Path LARGE = Reference.FOLDER.resolve("ip-adapter-xl");
  private static final Path VISION = Reference.FOLDER.resolve("tiny-vision");
  private static final String PROMPT = "a red boat on a calm lake at sunset";

  @TempDir private Path temporary;

  /// As users keep them: the image encoder beside the reference models.
  @BeforeEach
  void layOut() throws IOException {
    for (String name : List.of("plain.bin", "plus.safetensors")) {
      Files.copy(ADAPTERS.resolve(name), temporary.resolve(name));
    }
    copyEncoder(temporary.resolve("image_encoder"));
    Reference.copy(LARGE, temporary.resolve("large"));
    copyEncoder(temporary.resolve("large/image_encoder"));
  }

  private static void copyEncoder(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(VISION.resolve("image_encoder").resolve(name), folder.resolve(name));
    }
  }

  private static Picture picture(String name) throws IOException {
    return Picture.read(VISION.resolve("pictures/" + name + ".png"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "two", "plus", "blocks"})
  void picturesAreDiffusers(String name) throws IOException {
    assertAs(ADAPTERS, name, "tiny-sd1", 48, SamplerKind.DDIM);
  }

  /// Run by tools/reference/ip_adapter_xl.py.
  @ParameterizedTest
  @ValueSource(strings = {"plain", "two", "blocks"})
  void picturesOfXlAreDiffusers(String name) throws IOException {
    assertAs(LARGE, name, "tiny-sdxl", 64, SamplerKind.EULER);
  }

  private void assertAs(Path folder, String name, String base, int side, SamplerKind sampler)
      throws IOException {
    JsonNode wanted =
        JsonMapper.shared().readTree(folder.resolve("cases.json").toFile()).path(name);
    Path beside = folder.equals(LARGE) ? temporary.resolve("large") : temporary;
    List<ReferenceModel> opened = new ArrayList<>();
    try (TextToImage model = Reference.open(base)) {
      List<ReferencePicture> references = new ArrayList<>();
      for (int i = 0; i < wanted.path("files").size(); i++) {
        opened.add(model.openReference(beside.resolve(wanted.path("files").path(i).stringValue())));
        ReferencePicture reference =
            ReferencePicture.of(
                opened.getLast(), picture(wanted.path("pictures").path(i).stringValue()));
        JsonNode scale = wanted.path("scale").path(i);
        references.add(
            scale.isNumber()
                ? reference.withWeight(scale.doubleValue())
                : reference.withBlocks(blocks(scale)));
      }
      ImageRequest request =
          model
              .request(PROMPT)
              .size(side, side)
              .steps(4)
              .guidance(wanted.path("guidance").doubleValue())
              .seed(wanted.path("seed").longValue())
              .sampler(sampler)
              .references(references)
              .build();
      GeneratedImage image = model.generate(request).getFirst();
      PictureDifference.of(image.picture(), Picture.read(folder.resolve(name + ".png")))
          .isRounding();
      BatchTest.isAsAlone(model, request.toBuilder());
      assertThat(image.parameters().values()).containsKey("Reference 0");
    } finally {
      opened.forEach(ReferenceModel::close);
    }
  }

  /// diffusers' way to name blocks, `{"up": {"block_1": [0.5, 0, 1.5]}}`, in the checkpoint's
  /// names.
  private static Map<String, Double> blocks(JsonNode scale) {
    Map<String, Double> blocks = new HashMap<>();
    scale
        .propertyStream()
        .forEach(way ->
            way.getValue()
                .propertyStream()
                .forEach(level -> {
                  for (int i = 0; i < level.getValue().size(); i++) {
                    blocks.put(
                        "%s_blocks.%s.attentions.%d"
                            .formatted(way.getKey(), level.getKey().replace("block_", ""), i),
                        level.getValue().path(i).doubleValue());
                  }
                }));
    return blocks;
  }

  @Test
  void theEncoderMayLieInTheModelsFolder() throws IOException {
    Path alone = Files.createDirectories(temporary.resolve("a/b/c")).resolve("plain.bin");
    Files.copy(ADAPTERS.resolve("plain.bin"), alone);
    try (TextToImage model = Reference.open("tiny-sd1")) {
      assertThatThrownBy(() -> model.openReference(alone))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("expected an image encoder of width 16 in ")
          .hasMessageEndingWith("found none");
      copyEncoder(alone.resolveSibling("image_encoder"));
      model.openReference(alone).close();
    }
  }

  @Test
  void aReferenceModelOfAnotherFamilyIsNamed() throws IOException {
    try (TextToImage model = Reference.open("tiny-sd2")) {
      assertThatThrownBy(() -> model.openReference(temporary.resolve("plain.bin")))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("plain.bin: expected a reference model for tiny-sd2")
          .hasMessageContaining("found one for 11 of width 32");
    }
  }

  @Test
  void weightsAndBlocksAreChecked() throws IOException {
    try (TextToImage model = Reference.open("tiny-sd1");
        ReferenceModel plain = model.openReference(temporary.resolve("plain.bin"))) {
      ReferencePicture reference = ReferencePicture.of(plain, picture("wide"));
      assertThatThrownBy(() -> reference.withWeight(-1))
          .hasMessage("the weight of a reference picture must be from 0 to 10: -1.0");
      assertThatThrownBy(() -> reference.withBlocks(Map.of("up_blocks.7", 1.0)))
          .hasMessageStartingWith("a block must be the beginning of a name such as down_blocks.0");
      assertThat(
              reference.withBlocks(Map.of("down_blocks.1", 2.0)).weight(plain.attentions().get(2)))
          .isEqualTo(2);
      plain.close();
      ImageRequest request =
          model.request(PROMPT).size(48, 48).steps(1).references(List.of(reference)).build();
      assertThatThrownBy(() -> model.generate(request))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the reference model is closed: plain");
    }
  }

  /// Against diffusers' community pipeline `stable_diffusion_reference`, run by
  /// tools/reference/reference_only.py.
  @ParameterizedTest
  @ValueSource(strings = {"ddim", "fidelity", "share", "v"})
  void picturesWithoutAReferenceModelAreDiffusers(String name) throws IOException {
    Path folder = Reference.FOLDER.resolve("reference-only");
    JsonNode wanted =
        JsonMapper.shared().readTree(folder.resolve("cases.json").toFile()).path(name);
    try (TextToImage model = Reference.open(wanted.path("model").stringValue())) {
      ReferencePicture look =
          ReferencePicture.of(Picture.read(folder.resolve("look.png")))
              .withWeight(wanted.path("weight").doubleValue());
      ImageRequest request =
          model
              .request(PROMPT)
              .size(48, 48)
              .steps(5)
              .guidance(wanted.path("guidance").doubleValue())
              .seed(wanted.path("seed").longValue())
              .sampler(SamplerKind.named(wanted.path("sampler").stringValue()))
              .references(List.of(look))
              .reference(
                  ReferenceOptions.usual().withFidelity(wanted.path("fidelity").doubleValue()))
              .build();
      GeneratedImage image = model.generate(request).getFirst();
      PictureDifference.of(image.picture(), Picture.read(folder.resolve(name + ".png")))
          .isRounding();
      assertThat(image.parameters().value("Reference 0").orElseThrow())
          .startsWith("Model: reference_only, Weight: ");
    }
  }

  /// A larger second pass, a mask and a look of no weight: what does not heed the look is as
  /// without it, and all go together.
  @Test
  void aLookOfNoWeightChangesNothing() throws IOException {
    try (TextToImage model = Reference.open("tiny-sd1")) {
      ImageRequest.Builder request =
          model
              .request(PROMPT)
              .size(48, 48)
              .steps(2)
              .start(StartPicture.of(picture("tall"), 1))
              .hires(Optional.of(HiresOptions.of(1.5)));
      Picture without = model.generate(request.build()).getFirst().picture();
      ReferencePicture look = ReferencePicture.of(picture("wide"));
      request.references(List.of(look.withWeight(0)));
      assertThat(model.generate(request.build()).getFirst().picture()).isEqualTo(without);
      request.references(List.of(look, look));
      assertThat(model.generate(request.build()).getFirst().picture()).isNotEqualTo(without);
      assertThatThrownBy(() -> look.withBlocks(Map.of("up_blocks.0", 1.0)))
          .hasMessage("blocks are for pictures with a reference model: none was given");
    }
  }
}
