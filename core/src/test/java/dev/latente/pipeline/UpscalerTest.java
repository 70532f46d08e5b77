package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.model.Conversion;
import dev.latente.model.Conversion.Layout;
import dev.latente.prompt.PromptSyntax;
import dev.latente.sampling.SamplerKind;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Pictures made four times larger, against diffusers' `StableDiffusionUpscalePipeline`, run by
/// tools/reference/upscaler.py.
class UpscalerTest {
  private static final Path FOLDER = Reference.FOLDER.resolve("upscaler");

  @TempDir private Path folder;
  @TempDir private Path converted;

  /// The tiny upscaler with other tiny models' text encoder and autoencoder.
  @BeforeEach
  void layOut() throws IOException {
    for (String part : new String[] {"text_encoder", "tokenizer", "scheduler"}) {
      Reference.copy(Reference.FOLDER.resolve("tiny-sd1").resolve(part), folder.resolve(part));
    }
    Reference.copy(Reference.FOLDER.resolve("tiny-sd2/vae"), folder.resolve("vae"));
    Reference.copy(Reference.FOLDER.resolve("tiny-upscaler/unet"), folder.resolve("unet"));
    Reference.copy(FOLDER.resolve("low_res_scheduler"), folder.resolve("low_res_scheduler"));
    Files.copy(FOLDER.resolve("model_index.json"), folder.resolve("model_index.json"));
  }

  private TextToImage open() throws IOException {
    return TextToImage.open(folder, Device.CPU, Precision.F32);
  }

  private static ImageRequest.Builder request(TextToImage model) throws IOException {
    StartPicture start = StartPicture.of(Picture.read(FOLDER.resolve("small.png")), 1);
    return model
        .request("a red boat on a calm lake at sunset")
        .prompts(PromptOptions.usual().withSyntax(PromptSyntax.PLAIN))
        .negativePrompt("blurry")
        .start(start)
        .proportion(new PixelSize(start.picture().width(), start.picture().height()))
        .steps(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ddim", "clean", "noisy"})
  void picturesAreDiffusers(String name) throws IOException {
    JsonNode wanted =
        JsonMapper.shared()
            .readTree(FOLDER.resolve("cases.json").toFile())
            .path("cases")
            .path(name);
    try (TextToImage model = open()) {
      ImageRequest request =
          request(model)
              .sampler(SamplerKind.named(wanted.path("sampler").stringValue()))
              .guidance(wanted.path("guidance").doubleValue())
              .sampling(SamplingOptions.usual().withUpscaleNoise(wanted.path("noise").intValue()))
              .seed(wanted.path("seed").longValue())
              .build();
      assertThat(request.size()).isEqualTo(new PixelSize(80, 48)); // four times 20x12
      Picture drawn = model.generate(request).getFirst().picture();
      PictureDifference.of(drawn, Picture.read(FOLDER.resolve(name + ".png"))).isRounding();
    }
  }

  @Test
  void aSingleFileDrawsWhatItsFolderDraws() throws IOException {
    Path file = SingleFiles.write("tiny-upscaler", folder, folder.resolve("upscaler.safetensors"));
    assertThat(drawn(file, options().withLike(folder))).isEqualTo(drawn(folder, options()));
  }

  /// Its noise over the small picture, which the original code's files do not tell, is in the
  /// metadata.
  @ParameterizedTest
  @EnumSource(Layout.class)
  void itStaysTheSameInAnyForm(Layout layout) throws IOException {
    Picture expected = drawn(folder, options());
    Path converted = converted(folder, "converted." + layout, layout);
    assertThat(drawn(converted, options())).isEqualTo(expected);
    if (layout != Layout.FOLDER) {
      Path back = converted(converted, "back", Layout.FOLDER);
      assertThat(drawn(back, options())).isEqualTo(expected);
    }
  }

  private Path converted(Path from, String name, Layout layout) throws IOException {
    Path to = converted.resolve(name);
    Optional<Path> vocabulary = Optional.of(folder.resolve("tokenizer"));
    new Conversion(from, to, layout, Optional.of(Precision.F32), Optional.empty(), vocabulary)
        .run((_, _) -> {});
    return to;
  }

  private LoadOptions options() {
    return LoadOptions.of(Device.CPU, Precision.F32)
        .withTokenizers(TokenizerFiles.of(folder.resolve("tokenizer")));
  }

  private static Picture drawn(Path path, LoadOptions options) throws IOException {
    try (TextToImage model = TextToImage.open(path, options)) {
      ImageRequest request =
          request(model).sampling(SamplingOptions.usual().withUpscaleNoise(9)).seed(3).build();
      return model.generate(request).getFirst().picture();
    }
  }

  @Test
  void itNeedsAPictureAndKnowsSoMuchNoise() throws IOException {
    try (TextToImage model = open()) {
      ImageRequest without = model.request("a boat").steps(1).build();
      assertThatThrownBy(() -> model.generate(without))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("enlarges a picture: none was given to begin with");
      ImageRequest usual = request(model).build();
      assertThatThrownBy(() -> model.generate(usual))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("upscale noise must be from 0 to 9 for the model '")
          .hasMessageEndingWith(": 20");
    }
  }

  @Test
  void withoutASmallPicturesSchedulerItIsThePublishedOne() throws IOException {
    Files.delete(folder.resolve("low_res_scheduler/scheduler_config.json"));
    try (TextToImage model = open()) {
      ImageRequest request =
          request(model).sampling(SamplingOptions.usual().withUpscaleNoise(9)).build();
      Picture picture = model.generate(request).getFirst().picture();
      assertThat(picture.width()).isEqualTo(80);
      assertThat(picture.height()).isEqualTo(48);
    }
  }
}
