package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.nn.ModelFormatException;
import dev.latente.sampling.SamplerKind;
import dev.latente.testing.ControlMap;
import dev.latente.testing.NamedWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Pictures guided by control networks, against diffusers' pipelines, run by
/// tools/reference/control.py.
class ControlPictureTest {
  private static final Path CONTROL = Reference.FOLDER.resolve("control");

  @TempDir private Path temporary;

  static Stream<JsonNode> requests() {
    return new JsonMapper().readTree(CONTROL.resolve("requests.json").toFile()).valueStream();
  }

  @ParameterizedTest
  @MethodSource("requests")
  void picturesAreDiffusers(JsonNode wanted) throws IOException {
    List<ControlModel> opened = new ArrayList<>();
    String name = wanted.path("model").asString();
    try (TextToImage model = Reference.open(name)) {
      ImageRequest request = request(model, wanted, opened);
      Picture picture = model.generate(request).getFirst().picture();
      Picture expected = Picture.read(CONTROL.resolve(wanted.path("name").asString() + ".png"));
      PictureDifference.of(picture, expected).isRounding();
      BatchTest.isAsAlone(model, request.toBuilder());
    } finally {
      opened.forEach(ControlModel::close);
    }
  }

  private ImageRequest request(TextToImage model, JsonNode wanted, List<ControlModel> opened)
      throws IOException {
    List<Control> controls = new ArrayList<>();
    for (JsonNode each : wanted.path("controls").valueStream().toList()) {
      ControlModel network = open(model, each.path("network").asString(), opened.size());
      opened.add(network);
      Picture map =
          ControlMap.of(each.path("map").path(0).asInt(), each.path("map").path(1).asInt());
      controls.add(
          Control.of(network, map)
              .withWeight(each.path("weight").asDouble())
              .during(each.path("start").asDouble(), each.path("end").asDouble())
              .withReach(
                  wanted.path("guess").asBoolean()
                      ? Control.Reach.PROMPT_ONLY
                      : Control.Reach.BOTH));
    }
    boolean large = wanted.path("model").asString().equals("tiny-sdxl");
    return model
        .request(wanted.path("prompt").asString())
        .negativePrompt(wanted.path("negative_prompt").asString())
        .size(wanted.path("width").asInt(), wanted.path("height").asInt())
        .steps(wanted.path("steps").asInt())
        .guidance(wanted.path("guidance").asDouble())
        .seed(wanted.path("seed").asLong())
        .sampler(large ? SamplerKind.EULER : SamplerKind.DDIM)
        .controls(controls)
        .build();
  }

  private ControlModel open(TextToImage model, String network, int index) throws IOException {
    Path folder = temporary.resolve(network + index);
    return model.openControl(
        NamedWeights.write(folder, CONTROL.resolve(network), "diffusion_pytorch_model"));
  }

  @Test
  void aControlNetOfAnotherFamilyIsNamed() throws IOException {
    try (TextToImage model = Reference.open("tiny-sd2")) {
      assertThatThrownBy(() -> open(model, "controlnet-sd1", 0))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining(
              "expected a ControlNet for Stable Diffusion of its own size (levels of [16, 16, 32,"
                  + " 32] channels, text of width 48), found");
      assertThatThrownBy(() -> open(model, "adapter-sd1", 0))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("found [16, 32, 32]");
    }
    try (TextToImage model = Reference.open("tiny-sd1")) { // of the very widths of its levels
      assertThatThrownBy(() -> open(model, "adapter-sdxl", 0))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("expected a T2I-Adapter for Stable Diffusion of its own size")
          .hasMessageContaining("found a full_adapter_xl");
    }
  }

  @Test
  void whatIsNoControlNetworkIsNamed() throws IOException {
    try (TextToImage model = Reference.open("tiny-sd1")) {
      Path file = temporary.resolve("lora.safetensors");
      NamedWeights.file(
          file,
          CONTROL.resolve("adapter-sd1"),
          name -> name.replace("adapter.", "lora_controlnet."));
      assertThatThrownBy(() -> model.openControl(file))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("expected a ControlNet or T2I-Adapter, found");
      Path folder = Reference.FOLDER.resolve("tiny-sd1/vae");
      assertThatThrownBy(() -> model.openControl(folder))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("expected ControlNetModel or T2IAdapter, found AutoencoderKL");
      assertThatThrownBy(() -> model.openControl(temporary))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("expected the folder of a ControlNet or T2I-Adapter");
    }
  }

  @Test
  void numbersOutOfRangeAreNamed() throws IOException {
    try (TextToImage model = Reference.open("tiny-sd1");
        ControlModel network = open(model, "controlnet-sd1", 0)) {
      Control control = Control.of(network, ControlMap.of(8, 8));
      assertThatThrownBy(() -> control.withWeight(-1))
          .hasMessage("the weight of a control must be from 0 to 10: -1.0");
      assertThatThrownBy(() -> control.during(0.5, 0.5))
          .hasMessage("a control must act from START to END with 0 <= START < END <= 1: 0.5-0.5");
      assertThat(control.during(0.25, 0.75).actsAt(1, 4)).isTrue();
      assertThat(control.during(0.25, 0.75).actsAt(0, 4)).isFalse();
      assertThat(control.during(0.25, 0.75).actsAt(3, 4)).isFalse();
    }
  }
}
