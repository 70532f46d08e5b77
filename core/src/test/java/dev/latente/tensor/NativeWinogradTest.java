package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.Kernels;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// libtorch's own convolution is the measure.
class NativeWinogradTest {
  // The transforms multiply by up to 8 and 1/24 before sums that cancel: ten times f32's error of
  // the direct way, whose outputs here have a variance of 1.
  private static final double TOLERANCE = 1e-4;

  @BeforeEach
  void kernelsRunHere() {
    assumeThat(Kernels.available()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 16, 16, 1, 1",
    "1, 32, 64, 4, 4",
    "2, 64, 32, 5, 9",
    "3, 48, 16, 7, 3",
    "8, 16, 48, 13, 2",
    "1, 64, 64, 66, 70", // more than one block of tiles
    "1, 1280, 640, 9, 35", // more than one block of channels, the last one smaller
    "2, 1280, 384, 48, 48", // of both
    "2, 320, 320, 8, 8",
  })
  void itAgreesWithLibtorch(int n, int in, int out, int h, int w) {
    try (Scope _ = Scope.open()) {
      Case one = Case.random(n, in, out, h, w);
      assertThat(NativeWinograd.suits(one.x.handle(), one.weight.handle(), 1, 1)).isTrue();
      assertThat(one.difference()).isLessThan(TOLERANCE);
    }
  }

  @Test
  void theNumberOfThreadsChangesNothing() {
    int threads = Native.threads();
    try (Scope _ = Scope.open()) {
      Case one = Case.random(2, 32, 48, 37, 29);
      Native.threads(1);
      float[] alone = one.winograd().toFloatArray();
      Native.threads(4);
      float[] together = one.winograd().toFloatArray();
      assertThat(together).isEqualTo(alone);
    } finally {
      Native.threads(threads);
    }
  }

  @Test
  void otherConvolutionsAreLeftToLibtorch() {
    try (Scope _ = Scope.open()) {
      Tensor x = Tensor.full(1, 1, 16, 8, 8);
      Tensor weight = Tensor.full(1, 16, 16, 3, 3);
      assertThat(NativeWinograd.suits(x.handle(), weight.handle(), 2, 1)).isFalse();
      assertThat(NativeWinograd.suits(x.handle(), weight.handle(), 1, 0)).isFalse();
      Tensor odd = Tensor.full(1, 15, 16, 3, 3);
      assertThat(NativeWinograd.suits(x.handle(), odd.handle(), 1, 1)).isFalse();
      Tensor half = x.to(Precision.F16);
      assertThat(NativeWinograd.suits(half.handle(), weight.handle(), 1, 1)).isFalse();
    }
  }

  private record Case(Tensor x, Tensor weight, Tensor bias) {
    static Case random(int n, int in, int out, int h, int w) {
      RandomNoise noise = RandomNoise.seeded(n + in + out + h + w);
      return new Case(
          noise.normal(n, in, h, w),
          noise.normal(out, in, 3, 3).times(1 / Math.sqrt(9.0 * in)),
          noise.normal(out));
    }

    Tensor winograd() {
      return Tensor.made(
          "winograd", () -> NativeWinograd.conv2d(x.handle(), weight.handle(), bias.handle()));
    }

    double difference() {
      float[] found = winograd().toFloatArray();
      Acceleration.use(false);
      float[] wanted = x.conv2d(weight, Optional.of(bias), 1, 1).toFloatArray();
      Acceleration.use(true);
      double most = 0;
      for (int i = 0; i < wanted.length; i++) {
        most = Math.max(most, Math.abs(found[i] - wanted[i]));
      }
      return most;
    }
  }
}
