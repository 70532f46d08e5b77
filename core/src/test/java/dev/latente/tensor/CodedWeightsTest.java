package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Weights that are decoded row by row compute what they compute decoded as a whole.
class CodedWeightsTest {
  @BeforeEach
  void tilesAreHere() {
    assumeThat(NativeTiles.here()).isPresent();
  }

  /// A weight, and the same with a decoder that counts numbers.
  private record Coded(Tensor plain, Tensor packed, AtomicLong decoded) {
    static Coded of(long... shape) {
      Tensor plain = RandomNoise.seeded(1).normal(shape).times(0.05);
      float[] numbers = plain.toFloatArray();
      AtomicLong decoded = new AtomicLong();
      LentTensor.Decoder decoder =
          (first, floats) -> {
            int count = (int) (floats.byteSize() / Float.BYTES);
            decoded.addAndGet(count);
            MemorySegment.copy(numbers, (int) first, floats, ValueLayout.JAVA_FLOAT, 0, count);
          };
      return new Coded(plain, LentTensor.packed(decoder, () -> {}, shape), decoded);
    }
  }

  @ParameterizedTest
  @CsvSource({"96, 352, 70", "1280, 640, 600", "160, 640, 1100"})
  void mapsAreTheSame(int out, int in, int length) {
    try (Scope _ = Scope.open()) {
      Coded weight = Coded.of(out, in);
      Tensor x = RandomNoise.seeded(2).normal(1, length, in);
      assertThat(x.linear(weight.packed).toFloatArray())
          .isEqualTo(x.linear(weight.plain).toFloatArray());
      assertThat(weight.decoded).hasValue((long) out * in);
    }
  }

  @Test
  void gatesAreTheSame() {
    try (Scope _ = Scope.open()) {
      Coded weight = Coded.of(1280, 320);
      Tensor x = RandomNoise.seeded(2).normal(2, 150, 320);
      Tensor bias = RandomNoise.seeded(3).normal(1280);
      assertThat(Fused.geglu(x, weight.packed, bias).toFloatArray())
          .isEqualTo(Fused.geglu(x, weight.plain, bias).toFloatArray());
    }
  }

  // Directly, by Winograd's way with few tiles and with many, and of single pixels.
  @ParameterizedTest
  @CsvSource({"512, 8, 3", "128, 40, 3", "128, 68, 3", "128, 40, 1"})
  void convolutionsAreTheSame(int in, int side, int kernel) {
    try (Scope _ = Scope.open()) {
      Coded weight = Coded.of(in + 32, in, kernel, kernel);
      Tensor x = RandomNoise.seeded(2).normal(1, in, side, side);
      Tensor found = x.conv2d(weight.packed, Optional.empty(), 1, kernel / 2);
      Tensor wanted = x.conv2d(weight.plain, Optional.empty(), 1, kernel / 2);
      assertThat(found.toFloatArray()).isEqualTo(wanted.toFloatArray());
    }
  }

  // What no kernel reads is decoded as a whole, on several threads.
  @Test
  void otherConvolutionsAreTheSame() {
    try (Scope _ = Scope.open()) {
      Coded weight = Coded.of(130, 129, 3, 3);
      Tensor x = RandomNoise.seeded(2).normal(1, 129, 20, 20);
      Tensor found = x.conv2d(weight.packed, Optional.empty(), 2, 1);
      Tensor wanted = x.conv2d(weight.plain, Optional.empty(), 2, 1);
      assertThat(found.toFloatArray()).isEqualTo(wanted.toFloatArray());
      assertThat(weight.decoded).hasValue(130L * 129 * 9);
    }
  }
}
