package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.nn.ModelFormatException;
import dev.latente.prompt.PromptSyntax;
import dev.latente.sampling.SamplerKind;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.testing.NamedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Variations of a picture, against diffusers' `StableUnCLIPImg2ImgPipeline` and
/// `StableDiffusionImageVariationPipeline`, run by tools/reference/unclip.py.
class VariationTest {
  private static final Path FOLDER = Reference.FOLDER.resolve("unclip");
  private static final Path VISION = Reference.FOLDER.resolve("tiny-vision");

  @TempDir private Path temporary;

  private Path model(String kind) throws IOException {
    Path folder = temporary.resolve(kind);
    boolean unclip = kind.equals("unclip");
    Reference.copy(Reference.FOLDER.resolve(unclip ? "tiny-sd2" : "tiny-sd1"), folder);
    for (Path old : List.of(folder.resolve("unet"), folder.resolve("model_index.json"))) {
      delete(old);
    }
    NamedWeights.write(folder.resolve("unet"), FOLDER.resolve(kind), "diffusion_pytorch_model");
    Reference.copy(VISION.resolve("image_encoder"), folder.resolve("image_encoder"));
    Files.copy(FOLDER.resolve(kind + "-index.json"), folder.resolve("model_index.json"));
    if (unclip) {
      for (String part : List.of("image_normalizer", "image_noising_scheduler")) {
        Reference.copy(FOLDER.resolve(part), folder.resolve(part));
      }
    }
    return folder;
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (var files = Files.list(path)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
    Files.delete(path);
  }

  private static TextToImage open(Path folder) throws IOException {
    return TextToImage.open(folder, Device.CPU, Precision.F32);
  }

  private static ReferencePicture look(String name) throws IOException {
    return ReferencePicture.of(Picture.read(VISION.resolve("pictures/" + name + ".png")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clean", "noisy", "unguided", "variation", "variation-unguided"})
  void picturesAreDiffusers(String name) throws IOException {
    JsonNode wanted =
        JsonMapper.shared().readTree(FOLDER.resolve("cases.json").toFile()).path(name);
    String kind = wanted.path("kind").stringValue();
    try (TextToImage model = open(model(kind))) {
      ImageRequest request =
          model
              .request(wanted.path("prompt").stringValue())
              .negativePrompt(kind.equals("unclip") ? "blurry" : "")
              .prompts(PromptOptions.usual().withSyntax(PromptSyntax.PLAIN))
              .size(48, 48)
              .steps(4)
              .guidance(wanted.path("guidance").doubleValue())
              .seed(wanted.path("seed").longValue())
              .sampler(SamplerKind.named(wanted.path("sampler").stringValue()))
              .references(List.of(look(wanted.path("picture").stringValue())))
              .reference(ReferenceOptions.usual().withNoise(wanted.path("noise").intValue()))
              .build();
      Picture drawn = model.generate(request).getFirst().picture();
      PictureDifference.of(drawn, Picture.read(FOLDER.resolve(name + ".png"))).isRounding();
    }
  }

  @Test
  void whatIsMissingOrTooMuchIsSaid() throws IOException {
    try (TextToImage model = open(model("variation"))) {
      ImageRequest.Builder request = model.request("").size(48, 48).steps(1);
      ImageRequest without = request.build();
      assertThatThrownBy(() -> model.generate(without))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the model 'variation' draws variations of a picture: no reference picture with a"
                  + " weight was given");
      ImageRequest told =
          model.request("a boat").size(48, 48).references(List.of(look("wide"))).build();
      assertThatThrownBy(() -> model.generate(told))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("this model draws variations of a picture and takes no text: 'a boat'");
      ImageRequest one = request.references(List.of(look("wide"))).build();
      ImageRequest two =
          request.references(List.of(look("wide"), look("tall").withWeight(2))).build();
      assertThat(model.generate(two).getFirst().picture())
          .isNotEqualTo(model.generate(one).getFirst().picture());
    }
    Path folder = model("unclip");
    delete(folder.resolve("image_normalizer"));
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("expected a folder 'image_normalizer'");
  }
}
