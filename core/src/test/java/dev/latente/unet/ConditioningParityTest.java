package dev.latente.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.model.SafetensorsFile;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning.TextTime;
import dev.latente.unet.UNetConfig.AdditionEmbed;
import dev.latente.unet.UNetConfig.DownBlockType;
import dev.latente.unet.UNetConfig.UpBlockType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// U-Nets that are told more than the text, against diffusers' `UNet2DConditionModel`, run by
/// tools/reference.
class ConditioningParityTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference");
  private static final Path NUMBERS = REFERENCE.resolve("components-tiny-sdxl.safetensors");

  /// Single precision has a relative error of 6e-8 an operation; some hundred follow one another.
  private static final double TOLERANCE = 2e-5;

  private static final UNetConfig TWO_LEVELS =
      UNetConfig.builder()
          .downBlockTypes(List.of(DownBlockType.DownBlock2D, DownBlockType.CrossAttnDownBlock2D))
          .upBlockTypes(List.of(UpBlockType.CrossAttnUpBlock2D, UpBlockType.UpBlock2D))
          .blockOutChannels(List.of(8, 16))
          .attentionHeads(List.of(1, 2))
          .layersPerBlock(List.of(1))
          .norm(4, 1e-5)
          .useLinearProjection(true)
          .build();

  private static final UNetConfig REFINER =
      TWO_LEVELS.toBuilder()
          .crossAttentionDim(32)
          .additionEmbed(new AdditionEmbed.TextTime(8, 60))
          .build();

  private static final UNetConfig DISTILLED =
      TWO_LEVELS.toBuilder()
          .crossAttentionDim(56)
          .additionEmbed(new AdditionEmbed.TextTime(8, 68))
          .timeCondProjDim(OptionalInt.of(12))
          .build();

  private static final UNetConfig UPSCALER =
      TWO_LEVELS.toBuilder()
          .inChannels(7)
          .crossAttentionDim(32)
          .onlyCrossAttention(List.of(true, false))
          .numClassEmbeds(OptionalInt.of(10))
          .build();

  private static final UNetConfig BASE =
      UNetConfig.builder()
          .downBlockTypes(
              List.of(
                  DownBlockType.DownBlock2D,
                  DownBlockType.CrossAttnDownBlock2D,
                  DownBlockType.CrossAttnDownBlock2D))
          .upBlockTypes(
              List.of(
                  UpBlockType.CrossAttnUpBlock2D,
                  UpBlockType.CrossAttnUpBlock2D,
                  UpBlockType.UpBlock2D))
          .blockOutChannels(List.of(16, 32, 32))
          .attentionHeads(List.of(2, 4, 8))
          .transformerLayersPerBlock(List.of(1, 1, 2))
          .layersPerBlock(List.of(1))
          .norm(4, 1e-5)
          .useLinearProjection(true)
          .crossAttentionDim(56)
          .additionEmbed(new AdditionEmbed.TextTime(8, 68))
          .build();

  private static final Map<String, UNetConfig> CONFIGS =
      Map.of(
          "tiny-sdxl", BASE,
          "tiny-sdxl-refiner", REFINER,
          "tiny-sdxl-lcm", DISTILLED,
          "tiny-upscaler", UPSCALER);

  @ParameterizedTest
  @ValueSource(strings = {"tiny-sdxl", "tiny-sdxl-refiner", "tiny-sdxl-lcm", "tiny-upscaler"})
  void outputsAreDiffusers(String model) throws IOException {
    Path file = REFERENCE.resolve(model).resolve("unet/diffusion_pytorch_model.safetensors");
    try (SafetensorsFile stored = SafetensorsFile.open(file);
        SafetensorsFile numbers = SafetensorsFile.open(NUMBERS);
        Scope _ = Scope.open()) {
      StoredWeights weights = new StoredWeights(stored, Device.CPU, Precision.F32);
      UNet unet = UNet.of(Weights.of(weights), CONFIGS.getOrDefault(model, BASE));
      weights.finish(_ -> false);
      Tensor output =
          unet.predict(
              numbers.read(model + ".sample", Precision.F32),
              numbers.read(model + ".timestep", Precision.F32),
              conditioning(numbers, model));
      close(output, numbers.read(model + ".output", Precision.F32));
      weights.release();
    }
  }

  private static Conditioning conditioning(SafetensorsFile numbers, String model) {
    Conditioning told = Conditioning.of(numbers.read(model + ".context", Precision.F32));
    if (numbers.names().contains(model + ".pooled")) {
      told =
          told.withTextTime(
              new TextTime(
                  numbers.read(model + ".pooled", Precision.F32),
                  numbers.read(model + ".ids", Precision.F32)));
    }
    if (numbers.names().contains(model + ".scales")) {
      told = told.withGuidance(numbers.read(model + ".scales", Precision.F32));
    }
    return numbers.names().contains(model + ".labels")
        ? told.withLabels(numbers.read(model + ".labels", Precision.F32))
        : told;
  }

  @Test
  void aSeedGivesPyTorchsFreshWeights() throws IOException {
    try (SafetensorsFile numbers = SafetensorsFile.open(NUMBERS);
        Scope _ = Scope.open()) {
      FreshWeights weights = new FreshWeights(RandomNoise.seeded(40));
      UNetConfig all = DISTILLED.toBuilder().numClassEmbeds(OptionalInt.of(3)).build();
      UNet.of(Weights.of(weights), all);
      List<String> expected =
          numbers.names().stream().filter(name -> name.startsWith("fresh.")).toList();
      assertThat(expected).hasSize(4);
      for (String name : expected) {
        String own = name.substring("fresh.".length());
        Tensor found = Objects.requireNonNull(weights.tensors().get(own), own);
        close(found, numbers.read(name, Precision.F32));
      }
      weights.release();
    }
  }

  @Test
  void aNetworkIsToldNeitherMoreNorLessThanItNeeds() {
    try (Scope _ = Scope.open()) {
      FreshWeights weights = new FreshWeights(RandomNoise.seeded(1));
      UNet refiner = UNet.of(Weights.of(weights), REFINER);
      Tensor x = Tensor.full(0, 1, 4, 8, 8);
      Tensor t = Tensor.full(1, 1);
      Tensor text = Tensor.full(0, 1, 5, 32);
      assertThatThrownBy(() -> refiner.forward(x, t, text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("this U-Net needs the pooled text and sizes, found none");
      Conditioning whole =
          Conditioning.of(text)
              .withTextTime(new TextTime(Tensor.full(0, 1, 20), Tensor.full(64, 1, 5)));
      assertThat(refiner.forward(x, t, whole).shape()).containsExactly(1, 4, 8, 8);
      assertThatThrownBy(() -> refiner.forward(x, t, whole.withGuidance(Tensor.full(8, 1))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("this U-Net does not take a guidance scale");
      assertThatThrownBy(() -> refiner.forward(x, t, whole.withLabels(Tensor.full(8, 1))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("this U-Net does not take class labels");
      weights.release();
    }
  }

  private static void close(Tensor found, Tensor expected) {
    float[] values = found.toFloatArray();
    float[] wanted = expected.toFloatArray();
    assertThat(values).hasSameSizeAs(wanted);
    double size = largest(wanted);
    for (int i = 0; i < wanted.length; i++) {
      assertThat((double) values[i]).isCloseTo(wanted[i], within(TOLERANCE * size));
    }
  }

  private static double largest(float... values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
