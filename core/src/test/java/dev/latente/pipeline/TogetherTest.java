package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.prompt.PromptSyntax;
import dev.latente.sampling.SamplerKind;
import dev.latente.testing.ControlMap;
import dev.latente.testing.NamedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Depth, a mask, a reference picture, two control networks and text in one call, against
/// diffusers' `StableDiffusionControlNetInpaintPipeline`, run by tools/reference/together.py.
class TogetherTest {
  private static final Path FOLDER = Reference.FOLDER.resolve("together");
  private static final Path VISION = Reference.FOLDER.resolve("tiny-vision");
  private static final JsonNode CASE =
      JsonMapper.shared().readTree(FOLDER.resolve("case.json").toFile());

  @TempDir private Path temporary;

  private Path reference() throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("image_encoder"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(VISION.resolve("image_encoder").resolve(name), folder.resolve(name));
    }
    return Files.copy(
        Reference.FOLDER.resolve("ip-adapter/plain.bin"), temporary.resolve("plain.bin"));
  }

  private Path controlNet() throws IOException {
    return NamedWeights.write(
        temporary.resolve("net"),
        Reference.FOLDER.resolve("control/controlnet-sd1"),
        "diffusion_pytorch_model");
  }

  private static double number(String name) {
    return CASE.path(name).doubleValue();
  }

  private static StartPicture start() throws IOException {
    return StartPicture.of(ControlMap.of(64, 48), number("strength"))
        .withMask(Picture.read(Reference.FOLDER.resolve("masks/ellipse.png")))
        .withMasking(MaskOptions.usual().withPaste(false));
  }

  private static ImageRequest.Builder request() throws IOException {
    return ImageRequest.builder(CASE.path("prompt").stringValue())
        .negativePrompt(CASE.path("negative_prompt").stringValue())
        .size(64, 48)
        .steps(CASE.path("steps").intValue())
        .guidance(number("guidance"))
        .seed(CASE.path("seed").longValue())
        .sampler(SamplerKind.DDIM)
        .prompts(PromptOptions.usual().withSyntax(PromptSyntax.PLAIN))
        .start(start());
  }

  @Test
  void allThatGuidesAPictureGoesTogetherAsInDiffusers() throws IOException {
    try (TextToImage model = Reference.open("tiny-sd1");
        ControlModel net = model.openControl(controlNet());
        ReferenceModel seen = model.openReference(reference())) {
      Picture depth = GreyPicture.read(FOLDER.resolve("depth.png")).toPicture();
      Picture looked =
          Picture.read(VISION.resolve("pictures/" + CASE.path("reference").stringValue() + ".png"));
      List<Control> controls =
          List.of(
              Control.of(net, depth).withWeight(number("depth_weight")),
              Control.of(net, start().picture()).withWeight(number("inpaint_weight")).withMasked());
      List<ReferencePicture> references =
          List.of(ReferencePicture.of(seen, looked).withWeight(number("reference_weight")));
      ImageRequest all = request().controls(controls).references(references).build();
      Picture drawn = model.generate(all).getFirst().picture();
      PictureDifference.of(drawn, Picture.read(FOLDER.resolve("picture.png"))).isRounding();
      ImageRequest less = all.toBuilder().controls(controls.subList(0, 1)).build();
      assertThat(model.generate(less).getFirst().picture()).isNotEqualTo(drawn);
    }
  }

  @Test
  void aNetworkThatSeesNoMaskedPartNeedsAMask() throws IOException {
    try (TextToImage model = Reference.open("tiny-sd1");
        ControlModel net = model.openControl(controlNet())) {
      Control control = Control.of(net, ControlMap.of(64, 48)).withMasked();
      ImageRequest request =
          model.request("a boat").size(64, 48).controls(List.of(control)).build();
      assertThatThrownBy(() -> model.generate(request))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the control network 'net' is to see a picture without what is redrawn: no mask was"
                  + " given");
    }
  }
}
