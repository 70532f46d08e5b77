package dev.latente.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.control.T2iAdapter;
import dev.latente.control.T2iAdapterConfig;
import dev.latente.depth.BackboneConfig;
import dev.latente.depth.DepthConfig;
import dev.latente.depth.DepthNetwork;
import dev.latente.depth.VitConfig;
import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.image.Png;
import dev.latente.model.SafetensorsWriter;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.Init;
import dev.latente.nn.Weights;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlOptionsTest {
  private static final Path DEPTH = Path.of("../core/src/test/resources/reference/depth");

  /// As depth-anything.json says.
  private static final DepthConfig TINY =
      new DepthConfig(
          new BackboneConfig.Plain(
              new VitConfig(16, 4, 2, 32, 1e-6, 28, 14, true, false, VitConfig.Positions.BICUBIC),
              List.of(0, 1, 2, 3),
              true),
          List.of(8, 8, 16, 16),
          List.of(4.0, 2.0, 1.0, 0.5),
          8,
          6,
          DepthConfig.Readout.IGNORE,
          DepthConfig.Fusion.LIKE_NEXT,
          new DepthConfig.Unit.Nearness());

  @TempDir private Path folder;
  private Path image = Path.of("");

  @BeforeEach
  void drawAPicture() throws IOException {
    byte[] rgb = new byte[3 * 40 * 32];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * i / 97);
    }
    image = folder.resolve("map.png");
    Png.write(image, Picture.of(40, 32, rgb), Map.of());
  }

  private CommandLineRun generate(String name, String... more) {
    List<String> all =
        new ArrayList<>(List.of("generate", "a boat", "-m", CommandLineRun.MODEL.toString()));
    all.addAll(List.of("--size", "64x64", "--steps", "2", "--seed", "1"));
    all.addAll(List.of("-o", folder.resolve(name).toString()));
    all.addAll(List.of(more));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  private Path adapter() throws IOException {
    Path file = folder.resolve("adapter.safetensors");
    try (Scope _ = Scope.open()) {
      FreshWeights weights = new FreshWeights(RandomNoise.seeded(1));
      T2iAdapterConfig config =
          new T2iAdapterConfig(3, List.of(16, 32, 32), 2, 8, T2iAdapterConfig.Type.FULL_ADAPTER);
      T2iAdapter.of(Weights.of(weights), config);
      new SafetensorsWriter().addAll(weights.tensors(), ElementType.F32).write(file);
      weights.release();
    }
    return file;
  }

  @Test
  void aControlChangesThePictureAndIsNotedInIt() throws IOException {
    Path adapter = adapter();
    generate("plain.png").assertDone();
    generate("guided.png", "--control", adapter + "=canny:" + image + "@0.8@0-0.5").assertDone();
    generate("weightless.png", "--control", adapter + "=" + image + "@0").assertDone();
    Picture plain = Picture.read(folder.resolve("plain.png"));
    assertThat(Picture.read(folder.resolve("guided.png"))).isNotEqualTo(plain);
    assertThat(Picture.read(folder.resolve("weightless.png"))).isEqualTo(plain);
    assertThat(Png.text(folder.resolve("guided.png")).get(Png.PARAMETERS))
        .contains(
            "ControlNet 0: \"Model: adapter, Weight: 0.8, Guidance Start: 0, Guidance End: 0.5\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--control net                | control must be"
            + " MODEL=[PREPROCESSOR:]IMAGE[@WEIGHT[@START-END]]: 'net'",
        "--control net=magic:MAP      | unknown preprocessor 'magic'; known: canny, grey, invert,"
            + " scribble, shuffle, tile, depth, inpaint",
        "--control net=MAP@11         | the weight of a control must be from 0 to 10: 11.0",
        "--control net=MAP@-1         | the weight of a control must be from 0 to 10: -1.0",
        "--control net=MAP@1@0.7-0.2  | a control must act from START to END with 0 <= START < END"
            + " <= 1: 0.7-0.2",
        "--control net=canny(9,3):MAP | canny's thresholds must be LOW,HIGH with 0 <= LOW <= HIGH:"
            + " 9,3",
        "--image-guidance 0.5         | image guidance must be from 1 to 100: 0.5",
        "--control-reach all          | control-reach must be both or prompt: 'all'",
      })
  void wrongControlsAreNamed(String options, String message) {
    generate("x.png", options.replace("MAP", image.toString()).strip().split(" "))
        .assertRefused(ExitCode.WRONG_CALL, message);
  }

  @Test
  void filesThatAreNotThereAreNamed() {
    generate("x.png", "--control", "net=" + folder.resolve("none.png"))
        .assertRefused(ExitCode.FAILED, "none.png: expected a picture, found no such file");
    generate("x.png", "--control", folder.resolve("none.safetensors") + "=" + image)
        .assertRefused(ExitCode.FAILED, "none.safetensors: expected a model folder or file");
    generate("x.png", "--control", "net=" + CommandLineRun.MODEL.resolve("model_index.json"))
        .assertRefused(ExitCode.FAILED, "model_index.json: ");
    generate("x.png", "--control", "net=depth:" + image)
        .assertRefused(ExitCode.FAILED, "expected the folder of a depth estimator");
    generate("x.png", "--depth", image.toString())
        .assertRefused(
            ExitCode.WRONG_CALL,
            "the model 'tiny-sd1' takes no depth map, but one was given; a ControlNet for depth"
                + " would");
    generate("x.png", "--depth", "auto:" + image)
        .assertRefused(ExitCode.FAILED, "expected the folder of a depth estimator");
    generate("x.png", "--depth", folder.resolve("no.png").toString())
        .assertRefused(ExitCode.FAILED, "no.png: expected a picture, found no such file");
    assertThat(folder.resolve("x.png")).doesNotExist();
  }

  @Test
  void endsOfFileNamesThatAreNoNumbersBelongToTheName() {
    ControlSpec spec = ControlSpec.parse("a/net=C:\\pictures\\me@home.png@.5");
    assertThat(spec.image()).isEqualTo("C:\\pictures\\me@home.png");
    assertThat(spec.weight()).isEqualTo(0.5);
    assertThat(ControlSpec.parse("net=grey:a.png").kind())
        .isInstanceOf(ControlSpec.Kind.Made.class);
    assertThatThrownBy(() -> ControlSpec.parse("=a.png"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Path estimator() throws IOException {
    Path estimator = Files.createDirectory(folder.resolve("estimator"));
    Files.copy(DEPTH.resolve("depth-anything.json"), estimator.resolve("config.json"));
    Files.copy(
        DEPTH.resolve("depth-anything-preprocessor.json"),
        estimator.resolve("preprocessor_config.json"));
    try (Scope _ = Scope.open()) {
      FreshWeights weights =
          new FreshWeights(RandomNoise.seeded(3), Map.of("head.conv3.bias", Init.ONES));
      DepthNetwork.of(Weights.of(weights), TINY);
      new SafetensorsWriter()
          .addAll(weights.tensors(), ElementType.F32)
          .write(estimator.resolve("model.safetensors"));
      weights.release();
    }
    return estimator;
  }

  @Test
  void depthIsWrittenWithSixteenBits() throws IOException {
    Path estimator = estimator();
    Path map = folder.resolve("depth.png");
    Path inverted = folder.resolve("inverted.png");
    CommandLineRun.of("depth", image.toString(), "-m", estimator.toString(), "-o", map.toString())
        .assertDone();
    CommandLineRun.of(
            "depth",
            image.toString(),
            "-m",
            estimator.toString(),
            "-o",
            inverted.toString(),
            "--invert")
        .assertDone();
    GreyPicture near = GreyPicture.read(map);
    assertThat(near.width()).isEqualTo(40);
    assertThat(near.height()).isEqualTo(32);
    assertThat(GreyPicture.read(inverted)).isEqualTo(near.inverted());
    int most = 0;
    int least = 65535;
    for (int i = 0; i < 40 * 32; i++) {
      most = Math.max(most, near.at(i % 40, i / 40));
      least = Math.min(least, near.at(i % 40, i / 40));
    }
    assertThat(most).isEqualTo(65535);
    assertThat(least).isZero();
  }

  @Test
  void wrongCallsOfDepthAreNamed() {
    String model = CommandLineRun.MODEL.toString();
    CommandLineRun.of("depth", image.toString(), "-m", model, "-o", "map.jpg")
        .assertRefused(ExitCode.WRONG_CALL, "output must be a .png file: map.jpg");
    CommandLineRun.of("depth", folder.resolve("no.png").toString(), "-m", model)
        .assertRefused(ExitCode.FAILED, "no.png: expected a picture, found no such file");
    CommandLineRun run = CommandLineRun.of("depth", image.toString(), "-m", model);
    assertThat(run.err()).contains("expected the folder of a depth estimator with config.json");
    assertThat(run.code()).isEqualTo(ExitCode.FAILED);
  }
}
