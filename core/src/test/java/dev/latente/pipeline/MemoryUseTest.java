package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.image.Picture;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryUseTest {
  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd1", "tiny-sd2"})
  void narrowWeightsDrawTheVerySamePicture(String name) throws IOException {
    assertThat(draw(name, MemoryUse.LOW)).isEqualTo(draw(name, MemoryUse.FAST));
  }

  @Test
  void lowKeepsMatricesAsTheyAreStored() throws IOException {
    assertThat(narrowMatrices(MemoryUse.LOW)).isPositive();
    assertThat(narrowMatrices(MemoryUse.FAST)).isZero();
    assertThat(narrowMatrices(MemoryUse.BALANCED)).as("of a small model").isZero();
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertThat(MemoryUse.named("Low")).isEqualTo(MemoryUse.LOW);
    assertThatThrownBy(() -> MemoryUse.named("huge"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown memory use 'huge'; known: low, balanced, fast");
  }

  @Test
  void machinesWithLittleMemoryUseLittle() {
    long gigabyte = 1_000_000_000;
    assertThat(MemoryUse.usual(2 * gigabyte, 6 * gigabyte)).isEqualTo(MemoryUse.LOW);
    assertThat(MemoryUse.usual(2 * gigabyte, 8 * gigabyte)).isEqualTo(MemoryUse.BALANCED);
    assertThat(MemoryUse.usual(7 * gigabyte, 16 * gigabyte)).isEqualTo(MemoryUse.LOW);
    assertThat(MemoryUse.usual(7 * gigabyte, 24 * gigabyte)).isEqualTo(MemoryUse.BALANCED);
    assertThat(MemoryUse.usual(2 * gigabyte, 12 * gigabyte)).isEqualTo(MemoryUse.FAST);
  }

  private static LoadOptions options(MemoryUse use) {
    return LoadOptions.of(Device.CPU, Precision.F32).withMemory(use);
  }

  private static Picture draw(String name, MemoryUse use) throws IOException {
    try (TextToImage model = TextToImage.open(Reference.FOLDER.resolve(name), options(use))) {
      ImageRequest request = model.request("a red boat").steps(2).build();
      return model.generate(request).getFirst().picture();
    }
  }

  private static long narrowMatrices(MemoryUse use) throws IOException {
    try (Scope _ = Scope.open()) {
      LoadedModel model = ModelLoader.load(Reference.FOLDER.resolve("tiny-sd1"), options(use));
      try {
        return model.weights().stream()
            .flatMap(part -> part.tensors().values().stream())
            .filter(weight -> weight.elementType() == ElementType.F16)
            .count();
      } finally {
        model.release();
      }
    }
  }
}
