package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Fit;
import dev.latente.image.Picture;
import dev.latente.image.Resampling;
import dev.latente.prompt.PromptSyntax;
import dev.latente.sampling.SamplerKind;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.testing.ControlMap;
import dev.latente.testing.NamedWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Pictures of two passes, against two of diffusers' pipelines, run by tools/reference/hires.py.
class HiresTest {
  private static final Path FOLDER = Reference.FOLDER.resolve("hires");
  private static final Path STARTS = Reference.FOLDER.resolve("image-to-image");

  @TempDir private Path temporary;

  static Stream<JsonNode> requests() {
    return stored().path("requests").valueStream();
  }

  private static JsonNode stored() {
    return JsonMapper.shared().readTree(FOLDER.resolve("requests.json").toFile());
  }

  @ParameterizedTest
  @MethodSource("requests")
  void picturesAreDiffusers(JsonNode wanted) throws IOException {
    List<ControlModel> opened = new ArrayList<>();
    try (TextToImage model = open(wanted)) {
      ImageRequest.Builder request = request(model, wanted);
      if (wanted.has("refiner_at")) {
        request.refinerAt(wanted.path("refiner_at").doubleValue());
      }
      if (wanted.path("control").booleanValue()) {
        Path network =
            NamedWeights.write(
                temporary.resolve("net"),
                Reference.FOLDER.resolve("control/controlnet-sd1"),
                "diffusion_pytorch_model");
        opened.add(model.openControl(network));
        request.controls(List.of(Control.of(opened.getFirst(), ControlMap.of(80, 60))));
      }
      GeneratedImage image = model.generate(request.build()).getFirst();
      Picture expected = Picture.read(FOLDER.resolve(wanted.path("name").stringValue() + ".png"));
      PictureDifference.of(image.picture(), expected).isRounding();
      BatchTest.isAsAlone(model, request);
    } finally {
      opened.forEach(ControlModel::close);
    }
  }

  private TextToImage open(JsonNode wanted) throws IOException {
    String name = wanted.path("model").stringValue();
    if (!wanted.has("refiner")) {
      return Reference.open(name);
    }
    Path refiner = Reference.wholeXl(wanted.path("refiner").stringValue(), temporary);
    return TextToImage.open(
        Reference.FOLDER.resolve(name),
        LoadOptions.of(Device.CPU, Precision.F32).withRefiner(refiner));
  }

  private static ImageRequest.Builder request(TextToImage model, JsonNode wanted) {
    HiresOptions hires =
        HiresOptions.of(1.5)
            .withUpscaler(HiresUpscaler.named(wanted.path("upscaler").stringValue()))
            .withStrength(wanted.path("strength").doubleValue())
            .withSteps(wanted.path("second").intValue());
    return model
        .request(stored().path("prompt").stringValue())
        .negativePrompt(stored().path("negative_prompt").stringValue())
        .prompts(PromptOptions.usual().withSyntax(PromptSyntax.PLAIN))
        .size(wanted.path("width").intValue(), wanted.path("height").intValue())
        .steps(wanted.path("steps").intValue())
        .guidance(wanted.path("guidance").doubleValue())
        .seed(wanted.path("seed").longValue())
        .sampler(SamplerKind.named(wanted.path("sampler").stringValue()))
        .hires(Optional.of(hires));
  }

  @Test
  void progressCountsBothPasses() throws IOException {
    List<Integer> steps = new ArrayList<>();
    try (TextToImage model = Reference.open("tiny-sd1")) {
      ImageRequest request =
          small(model).steps(3).hires(Optional.of(HiresOptions.of(1.5).withSteps(2))).build();
      model.generate(
          request,
          progress -> {
            assertThat(progress.steps()).isEqualTo(5);
            assertThat(progress.taken()).isEqualTo(progress.step());
            steps.add(progress.step());
          },
          image ->
              assertThat(image.parameters().values())
                  .containsAllEntriesOf(
                      Map.of(
                          "Size",
                          "64x64",
                          "Hires upscale",
                          "1.5",
                          "Hires steps",
                          "2",
                          "Hires upscaler",
                          "Latent",
                          "Denoising strength",
                          "0.7")));
    }
    assertThat(steps).isEqualTo(IntStream.rangeClosed(1, 5).boxed().toList());
  }

  /// What the mask keeps is not the enlarged first pass, but the start picture at the larger size.
  @Test
  void outsideAMaskTheLargerPictureIsTheStartPicture() throws IOException {
    Picture start = Picture.read(STARTS.resolve("start.png")).resized(96, 96, Resampling.LANCZOS);
    Picture mask = Picture.read(STARTS.resolve("mask.png")).resized(96, 96, Resampling.LANCZOS);
    try (TextToImage model = Reference.open("tiny-sd1")) {
      ImageRequest request =
          small(model)
              .steps(4)
              .start(StartPicture.of(start, 0.5).withMask(mask))
              .hires(Optional.of(HiresOptions.of(1.5)))
              .build();
      GeneratedImage image = model.generate(request).getFirst();
      Picture larger = Fit.STRETCH.apply(start, 96, 96);
      List<Integer> kept = new ArrayList<>();
      List<Integer> drawn = new ArrayList<>();
      for (int y = 0; y < 96; y++) {
        for (int x = 0; x < 96; x++) {
          boolean redrawn = y >= 20 && y < 76 && x >= 30;
          int off = Math.abs((image.picture().at(x, y) & 0xff) - (larger.at(x, y) & 0xff));
          (redrawn ? drawn : kept).add(off);
        }
      }
      assertThat(Collections.max(kept)).isZero();
      assertThat(Collections.max(drawn)).isPositive();
      assertThat(image.parameters().values())
          .containsEntry("Denoising strength", "0.5")
          .containsEntry("Hires strength", "0.7");
    }
  }

  private static ImageRequest.Builder small(TextToImage model) {
    return model.request("a boat").size(64, 64).guidance(3).sampler(SamplerKind.EULER);
  }

  @Test
  void whatIsOutOfRangeIsSaid() throws IOException {
    assertThatThrownBy(() -> HiresOptions.of(1))
        .hasMessage("hires scale must be above 1 and at most 8: 1.0");
    assertThatThrownBy(() -> HiresOptions.of(2).withStrength(0))
        .hasMessage("hires strength must be above 0 and at most 1: 0.0");
    assertThatThrownBy(() -> HiresOptions.of(2).withSteps(0))
        .hasMessage("hires steps must be from 1 to 1000: 0");
    assertThatThrownBy(() -> HiresUpscaler.named("R-ESRGAN 4x+"))
        .hasMessage(
            "unknown upscaler 'R-ESRGAN 4x+'; known: latent, latent-bicubic, latent-nearest,"
                + " pixel");
    assertThat(HiresUpscaler.named("Latent (bicubic)")).isEqualTo(HiresUpscaler.LATENT_BICUBIC);
    try (TextToImage model = Reference.open("tiny-sd1")) {
      assertRefused(
          model,
          small(model).hires(Optional.of(HiresOptions.of(2).withStrength(0.01))),
          "hires: 20 steps at strength 0.01 need a schedule of at most 1000 steps: 2000");
      assertRefused(
          model,
          small(model).size(4096, 64).hires(Optional.of(HiresOptions.of(4))),
          "width must be at most 8192: 16384");
    }
  }

  private static void assertRefused(TextToImage model, ImageRequest.Builder request, String said) {
    ImageRequest built = request.steps(20).build();
    assertThatThrownBy(() -> model.generate(built))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(said);
  }
}
