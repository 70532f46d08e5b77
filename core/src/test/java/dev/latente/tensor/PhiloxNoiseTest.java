package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PhiloxNoiseTest {
  /// `kat_vectors` of Random123, philox4x32 with 10 rounds.
  @Test
  void wordsAreThePublishedOnes() {
    assertThat(PhiloxNoise.block(0, 0, 0, 0, 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(PhiloxNoise.block(-1, -1, -1, -1, -1, -1))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(
            PhiloxNoise.block(
                0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  /// `torch.manual_seed(0); torch.randn(3, 4, device="cuda")`, to the four digits it prints.
  @Test
  void numbersAreThoseOfAGpu() {
    assertThat(PhiloxNoise.seeded(0).numbers(12))
        .containsExactly(
            new float[] {
              -0.9247f, -0.4253f, -2.6438f, 0.1452f,
              -0.1209f, -0.5797f, -0.6229f, -0.3284f,
              -1.0745f, -0.3631f, -1.6711f, 2.2655f
            },
            within(5.1e-5f));
  }

  /// Printed by tools/reference/philox_noise.py.
  @Test
  void numbersAreThoseOfTheReference() {
    assertThat(some(0, 0))
        .containsExactly(-0.9246624112129211f, -0.42534396052360535f, -2.9543159008026123f);
    assertThat(some(42, 0))
        .containsExactly(0.1940188705921173f, 2.1613738536834717f, 0.08298858255147934f);
    assertThat(some(42, 1))
        .containsExactly(0.13913749158382416f, -0.10821615904569626f, 0.34670791029930115f);
    assertThat(some((1L << 40) + 1, 0))
        .containsExactly(1.2290582656860352f, 0.7560853362083435f, 0.07017054408788681f);
    assertThat(some(-1, 2))
        .containsExactly(0.8747532963752747f, 0.07431206107139587f, -0.1915590614080429f);
  }

  @Test
  void tensorsOfAStreamDiffer() {
    PhiloxNoise stream = PhiloxNoise.seeded(7);
    float[] first = stream.numbers(8);
    assertThat(stream.numbers(8)).isNotEqualTo(first);
    assertThat(PhiloxNoise.seeded(7).numbers(8)).isEqualTo(first);
    assertThat(PhiloxNoise.seeded(7L + (1L << 32)).numbers(8)).isNotEqualTo(first);
  }

  /// Numbers 0, 1 and 16383 of a stream's tensor.
  private static float[] some(long seed, int tensor) {
    PhiloxNoise stream = PhiloxNoise.seeded(seed);
    for (int i = 0; i < tensor; i++) {
      assertThat(stream.numbers(1)).hasSize(1);
    }
    float[] numbers = stream.numbers(16384);
    return new float[] {numbers[0], numbers[1], numbers[16383]};
  }

  @Test
  void numbersAreStandardNormal() {
    int count = 100_000;
    double sum = 0;
    double squares = 0;
    for (float number : PhiloxNoise.seeded(3).numbers(count)) {
      sum += number;
      squares += (double) number * number;
    }
    assertThat(sum / count).isCloseTo(0, within(5 / Math.sqrt(count))); // five deviations
    assertThat(squares / count).isCloseTo(1, within(5 * Math.sqrt(2.0 / count)));
  }
}
