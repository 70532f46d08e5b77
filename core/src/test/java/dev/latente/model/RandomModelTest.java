package dev.latente.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.nn.TensorSource;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomModelTest {
  private static long weights(TensorSource source) {
    return source.names().stream()
        .mapToLong(name -> Arrays.stream(source.shape(name)).reduce(1, (a, b) -> a * b))
        .sum();
  }

  // What `sum(p.numel() for p in model.parameters())` gives for the published models.
  @ParameterizedTest
  @CsvSource({
    "sd15, 859520964, 123060480, 512",
    "sd21, 865910724, 340387840, 768",
    "sdxl, 2567463684, 817720320, 1024"
  })
  void theyHaveAsManyWeightsAsThePublished(String name, long unet, long texts, int side) {
    RandomModel model = RandomModel.named(name);
    try (Checkpoint checkpoint = model.open(Path.of("nowhere"), Precision.F16)) {
      assertThat(weights(checkpoint.unet().weights())).isEqualTo(unet);
      assertThat(weights(checkpoint.vae().orElseThrow().weights())).isEqualTo(83653863);
      assertThat(
              checkpoint.textEncoders().stream().mapToLong(text -> weights(text.weights())).sum())
          .isEqualTo(texts);
    }
    assertThat(model.side()).isEqualTo(side);
    assertThat(model.bytes())
        .isBetween(
            2 * (unet + texts + 83653863) - 5_000_000, 2 * (unet + texts + 83653863) + 5_000_000);
  }

  @Test
  void weightsAreTheSameEachTimeAndStayWithinTheirInit() {
    try (Scope _ = Scope.open();
        Checkpoint checkpoint = RandomModel.SD15.open(Path.of("nowhere"), Precision.F16)) {
      CheckpointSource unet = checkpoint.unet().weights();
      String name = "down_blocks.0.resnets.0.conv1.weight";
      Tensor found = unet.read(name, Precision.F16);
      assertThat(found.elementType()).isEqualTo(ElementType.F16);
      assertThat(found.shape()).containsExactly(320, 320, 3, 3);
      float[] values = found.toFloatArray();
      assertThat(unet.read(name, Precision.F16).toFloatArray()).isEqualTo(values);
      double bound = 1 / Math.sqrt(320 * 9);
      for (float value : values) {
        assertThat(Math.abs(value)).isLessThanOrEqualTo((float) bound * 1.001f); // f16 rounds
      }
      assertThat(unet.read("conv_norm_out.weight", Precision.F32).toFloatArray()).containsOnly(1);
    }
  }

  @Test
  void anUnknownNameListsTheKnown() {
    assertThatThrownBy(() -> RandomModel.named("sd9"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown model 'sd9'; known: sd15, sd21, sdxl");
  }
}
