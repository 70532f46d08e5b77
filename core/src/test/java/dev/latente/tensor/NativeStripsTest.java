package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Weights laid out for products compute what they compute as they are stored.
class NativeStripsTest {
  @BeforeEach
  void tilesAreHere() {
    assumeThat(NativeTiles.here()).isPresent();
  }

  /// A weight in memory of its own.
  private record Lent(Tensor weight, AtomicInteger copies) {
    static Lent of(Arena arena, ElementType type, long... shape) {
      Tensor wide = RandomNoise.seeded(1).normal(shape).times(0.05);
      short[] bits = new short[(int) wide.handle().numel()];
      float[] numbers = wide.toFloatArray();
      for (int i = 0; i < bits.length; i++) {
        bits[i] =
            type == ElementType.F16
                ? Float.floatToFloat16(numbers[i])
                : (short) (Float.floatToRawIntBits(numbers[i]) >> 16);
      }
      MemorySegment memory = arena.allocate(2L * bits.length, 64);
      MemorySegment.copy(bits, 0, memory, ValueLayout.JAVA_SHORT, 0, bits.length);
      AtomicInteger copies = new AtomicInteger();
      return new Lent(LentTensor.copied(memory, type, copies::incrementAndGet, shape), copies);
    }
  }

  @ParameterizedTest
  @CsvSource({"F16, 96, 352", "BF16, 320, 64", "F16, 1280, 1280"})
  void mapsAreTheSameToTheBit(ElementType type, int out, int in) {
    try (Scope _ = Scope.open();
        Arena arena = Arena.ofConfined()) {
      Lent lent = Lent.of(arena, type, out, in);
      Tensor x = RandomNoise.seeded(2).normal(3, 70, in);
      float[] plain = x.linear(lent.weight).toFloatArray();
      LentTensor.often(lent.weight, true);
      assertThat(x.linear(lent.weight).toFloatArray()).isEqualTo(plain);
      assertThat(lent.copies).hasValue(0);
      assertThat(x.linear(lent.weight).toFloatArray()).isEqualTo(plain);
      assertThat(x.linear(lent.weight).toFloatArray()).isEqualTo(plain);
      assertThat(lent.copies).hasValue(1);
      LentTensor.often(lent.weight, false);
      assertThat(x.linear(lent.weight).toFloatArray()).isEqualTo(plain);
      assertThat(lent.copies).hasValue(1);
    }
  }

  // Directly, by Winograd's way with few tiles and with many, and of single pixels.
  @ParameterizedTest
  @CsvSource({
    "F16, 512, 8, 3",
    "BF16, 512, 8, 3",
    "F16, 128, 40, 3",
    "BF16, 128, 40, 3",
    "F16, 128, 68, 3",
    "F16, 128, 40, 1",
  })
  void convolutionsAreTheSameToTheBit(ElementType type, int in, int side, int kernel) {
    try (Scope _ = Scope.open();
        Arena arena = Arena.ofConfined()) {
      Lent lent = Lent.of(arena, type, in + 32, in, kernel, kernel);
      Tensor x = RandomNoise.seeded(2).normal(1, in, side, side + 1);
      Tensor plain = x.conv2d(lent.weight, Optional.empty(), 1, kernel / 2);
      LentTensor.often(lent.weight, true);
      for (int use = 0; use < 3; use++) {
        Tensor found = x.conv2d(lent.weight, Optional.empty(), 1, kernel / 2);
        assertThat(found.toFloatArray()).isEqualTo(plain.toFloatArray());
      }
      assertThat(lent.copies).hasValue(1);
      lent.weight.release(); // with its copy
    }
  }
}
