package dev.latente.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.model.Checkpoint;
import dev.latente.model.CheckpointSource;
import dev.latente.model.ControlCheckpoint;
import dev.latente.model.SafetensorsFile;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.testing.ControlMap;
import dev.latente.testing.NamedWeights;
import dev.latente.unet.Conditioning;
import dev.latente.unet.Conditioning.TextTime;
import dev.latente.unet.Residuals;
import dev.latente.unet.UNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// U-Nets guided by control networks, against diffusers' `ControlNetModel` and `T2IAdapter`, run by
/// tools/reference/control.py.
class ControlParityTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference");

  /// Single precision has a relative error of 6e-8 an operation; some hundred follow one another.
  private static final double TOLERANCE = 5e-5;

  private static final double WEIGHT = 0.8;
  private static final int SIDE = 64;

  @TempDir private Path temporary;

  @ParameterizedTest
  @CsvSource({
    "controlnet-sd1, tiny-sd1, 8",
    "controlnet-sd1-pooled, tiny-sd1, 8",
    "controlnet-sd2, tiny-sd2, 4",
    "controlnet-sdxl, tiny-sdxl, 8",
    "adapter-sd1, tiny-sd1, 8",
    "adapter-sd1-light, tiny-sd1, 8",
    "adapter-sdxl, tiny-sdxl, 8"
  })
  void outputsAreDiffusers(String network, String model, int factor) throws IOException {
    Path fixture = REFERENCE.resolve("control").resolve(network);
    Path folder =
        NamedWeights.write(temporary.resolve(network), fixture, "diffusion_pytorch_model");
    checkOutput(network, model, factor, folder);
  }

  @ParameterizedTest
  @CsvSource({
    "controlnet-sd1, tiny-sd1, 8",
    "controlnet-sd2, tiny-sd2, 4",
    "controlnet-sdxl, tiny-sdxl, 8",
    "adapter-sd1, tiny-sd1, 8",
    "adapter-sd1-light, tiny-sd1, 8",
    "adapter-sdxl, tiny-sdxl, 8"
  })
  void aSingleFileIsTheSameNetwork(String network, String model, int factor) throws IOException {
    Path fixture = REFERENCE.resolve("control").resolve(network);
    Path file =
        NamedWeights.file(
            temporary.resolve(network + ".safetensors"), fixture, UnaryOperator.identity());
    checkOutput(network, model, factor, file);
  }

  @ParameterizedTest
  @CsvSource({"control_model., ", "control_model., control_model."})
  void theOriginalNamesAreUnderstood(String prefix, String kept) throws IOException {
    Map<String, String> names = new HashMap<>();
    Path table = REFERENCE.resolve("control/controlnet-sd1-original.tsv");
    for (String line : Files.readAllLines(table)) {
      String[] parts = line.split("\t", -1);
      names.put(
          parts[1], Objects.requireNonNullElse(kept, "") + parts[0].substring(prefix.length()));
    }
    Path file = temporary.resolve("original.safetensors");
    NamedWeights.file(file, REFERENCE.resolve("control/controlnet-sd1"), names::get);
    checkOutput("controlnet-sd1", "tiny-sd1", 8, file);
  }

  @ParameterizedTest
  @CsvSource({
    "adapter-sd1, tiny-sd1, 'body.0.block1.weight', 'body.5.block2.bias'",
    "adapter-sd1-light, tiny-sd1, 'body.0.body.0.block1.weight', 'body.2.out_conv.bias'",
    "adapter-sdxl, tiny-sdxl, 'conv_in.weight', 'body.2.in_conv.bias'"
  })
  void adaptersHaveTheirOriginalNamesToo(String network, String model, String some, String other)
      throws IOException {
    // github.com/TencentARC/T2I-Adapter: all residual blocks in one list, those of light ones in
    // lists called body
    Set<String> written = new HashSet<>();
    UnaryOperator<String> names =
        name -> {
          String old = original(name, network.endsWith("light"));
          written.add(old);
          return old;
        };
    Path file = temporary.resolve("original.safetensors");
    NamedWeights.file(file, REFERENCE.resolve("control").resolve(network), names);
    assertThat(written).contains(some, other);
    checkOutput(network, model, 8, file);
  }

  private static String original(String name, boolean light) {
    String bare = name.substring("adapter.".length());
    if (light) {
      return bare.replace(".resnets.", ".body.");
    }
    String[] parts = bare.split("\\.", -1);
    if (parts[0].equals("conv_in")) {
      return bare;
    }
    int first = 2 * Integer.parseInt(parts[1]);
    return parts[2].equals("in_conv")
        ? "body.%d.in_conv.%s".formatted(first, parts[3])
        : "body.%d.%s.%s".formatted(first + Integer.parseInt(parts[3]), parts[4], parts[5]);
  }

  private static void checkOutput(String network, String model, int factor, Path path)
      throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(REFERENCE.resolve(model), Precision.F32);
        ControlCheckpoint control =
            ControlCheckpoint.open(path, checkpoint.unet().config(), Precision.F32);
        SafetensorsFile numbers =
            SafetensorsFile.open(REFERENCE.resolve("control/components.safetensors"));
        Scope _ = Scope.open()) {
      UNet unet = build(checkpoint.unet().weights(), at -> UNet.of(at, checkpoint.unet().config()));
      ControlNetwork net =
          switch (control) {
            case ControlCheckpoint.Net(ControlNetConfig config, CheckpointSource weights) ->
                build(weights, at -> ControlNet.of(at, config));
            case ControlCheckpoint.Adapter(T2iAdapterConfig config, CheckpointSource weights) ->
                build(weights, at -> T2iAdapter.of(at, config));
          };
      Tensor x = RandomNoise.seeded(7).normal(2, 4, SIDE / factor, SIDE / factor);
      Tensor t = Tensor.full(801, 2);
      Conditioning told = told(unet.config().crossAttentionDim(), model);
      Residuals residuals = net.guide(map(net.mapChannels())).residuals(x, t, told).times(WEIGHT);
      close(unet.predict(x, t, told, residuals), numbers.read(network, Precision.F32));
    }
  }

  private static Tensor map(int channels) {
    Tensor rgb = Tensor.of(ControlMap.of(SIDE, SIDE).toFloats(), 1, 3, SIDE, SIDE);
    Tensor map = rgb.plus(1).times(0.5);
    return channels == 1 ? map.mean(1) : map;
  }

  private static Conditioning told(int width, String model) {
    Conditioning text = Conditioning.of(RandomNoise.seeded(8).normal(2, 77, width));
    if (!model.equals("tiny-sdxl")) {
      return text;
    }
    float[] sizes = {64, 64, 0, 0, 64, 64, 64, 64, 0, 0, 64, 64};
    return text.withTextTime(
        new TextTime(RandomNoise.seeded(9).normal(2, 20), Tensor.of(sizes, 2, 6)));
  }

  private static <T> T build(CheckpointSource source, Function<Weights, T> factory) {
    StoredWeights weights = new StoredWeights(source, Device.CPU, Precision.F32);
    T built = factory.apply(Weights.of(weights));
    weights.finish(_ -> false);
    return built;
  }

  private static void close(Tensor found, Tensor expected) {
    float[] values = found.toFloatArray();
    float[] wanted = expected.toFloatArray();
    assertThat(values).hasSameSizeAs(wanted);
    double size = 0;
    for (float value : wanted) {
      size = Math.max(size, Math.abs(value));
    }
    for (int i = 0; i < wanted.length; i++) {
      assertThat((double) values[i]).isCloseTo(wanted[i], within(TOLERANCE * size));
    }
  }
}
