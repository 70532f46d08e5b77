package dev.latente.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import org.junit.jupiter.api.Test;

class GuidanceTest {
  @Test
  void bothEstimatesAreAskedForInOneCall() {
    try (Scope _ = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2}, 2, 1, 1, 1);
      NoisePredictor pair =
          (both, _) -> {
            assertThat(both.toFloatArray()).containsExactly(1, 2, 1, 2);
            return Tensor.of(new float[] {10, 20, 11, 23}, 4, 1, 1, 1);
          };
      Tensor guided = Guidance.of(5).guide(pair).predict(x, 0);
      assertThat(guided.toFloatArray()).containsExactly(10 + 5 * 1, 20 + 5 * 3);
    }
  }

  @Test
  void guidanceOneIsTheEstimateWithThePrompt() {
    try (Scope _ = Scope.open()) {
      Tensor without = Tensor.of(new float[] {1, 2}, 1, 2);
      Tensor with = Tensor.of(new float[] {3, 5}, 1, 2);
      assertThat(Guidance.of(1).mix(without, with).toFloatArray()).containsExactly(3, 5);
      assertThat(Guidance.of(1).isActive()).isFalse();
    }
  }

  @Test
  void fullRescaleGivesEachPictureTheContrastOfTheEstimateWithThePrompt() {
    try (Scope _ = Scope.open()) {
      RandomNoise noise = RandomNoise.seeded(4);
      Tensor without = noise.normal(2, 4, 8, 8);
      Tensor with = noise.normal(2, 4, 8, 8).times(0.7);
      Tensor mixed = new Guidance(9, 1).mix(without, with);
      for (int i = 0; i < 2; i++) {
        assertThat(NormalData.variance(mixed.slice(0, i, i + 1).toFloatArray()))
            .isCloseTo(NormalData.variance(with.slice(0, i, i + 1).toFloatArray()), within(1e-5));
      }
    }
  }

  @Test
  void partialRescaleIsBetween() {
    try (Scope _ = Scope.open()) {
      RandomNoise noise = RandomNoise.seeded(4);
      Tensor without = noise.normal(1, 4, 8, 8);
      Tensor with = noise.normal(1, 4, 8, 8);
      Tensor none = new Guidance(5, 0).mix(without, with);
      Tensor all = new Guidance(5, 1).mix(without, with);
      Tensor some = new Guidance(5, 0.7).mix(without, with);
      Tensor expected = all.times(0.7).plus(none.times(0.3)); // Lin et al. (2023), equation 16
      assertThat(some.minus(expected).abs().mean().item()).isLessThan(1e-5);
    }
  }

  @Test
  void absurdNumbersAreRefused() {
    assertThatThrownBy(() -> Guidance.of(Double.NaN))
        .hasMessage("guidance must be finite and at least 0: NaN");
    assertThatThrownBy(() -> new Guidance(7, 1.5))
        .hasMessage("guidance rescale must be from 0 to 1: 1.5");
  }
}
