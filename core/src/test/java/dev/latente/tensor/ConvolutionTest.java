package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.Kernels;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionTest {
  private final Scope scope = Scope.open();
  private final RandomNoise noise = RandomNoise.seeded(4);

  @AfterEach
  void forget() {
    Acceleration.use(true);
    scope.close();
  }

  private static float[] convolve(Tensor x, Tensor weight, Tensor bias) {
    return x.conv2d(weight, Optional.of(bias), 1, (int) weight.size(2) / 2).toFloatArray();
  }

  private boolean isKernels(int channels, int side, int kernel) {
    Tensor x = noise.normal(2, channels, side, side);
    Tensor weight =
        noise
            .normal(channels, channels, kernel, kernel)
            .times(1 / Math.sqrt((double) channels * kernel * kernel));
    Tensor bias = noise.normal(channels);
    Acceleration.use(true);
    float[] found = convolve(x, weight, bias);
    Acceleration.use(false);
    float[] wanted = convolve(x, weight, bias);
    // Winograd's way with halves is off by so much at most.
    assertThat(NativeAffineTest.difference(found, wanted)).isLessThan(8e-4);
    return !java.util.Arrays.equals(found, wanted);
  }

  @ParameterizedTest
  @CsvSource({"128, 32, 3", "512, 8, 3"})
  void wherePixelsAreManyOrWeightsAreKernelsConvolve(int channels, int side, int kernel) {
    assumeThat(Kernels.available()).isTrue();
    assertThat(isKernels(channels, side, kernel)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"64, 32, 3", "128, 8, 3", "32, 4, 1", "48, 16, 5"})
  void smallOrOtherConvolutionsAreLeftToLibtorch(int channels, int side, int kernel) {
    assertThat(isKernels(channels, side, kernel)).isFalse();
  }

  @Test
  void narrowWeightsCountAsTheirValues() {
    Tensor x = noise.normal(1, 128, 32, 32);
    Tensor bias = noise.normal(128);
    Tensor narrow = noise.normal(128, 128, 3, 3).times(1.0 / 34).to(Precision.F16);
    assertThat(convolve(x, narrow, bias)).isEqualTo(convolve(x, narrow.to(Precision.F32), bias));
    Tensor rows = noise.normal(5, 64);
    Tensor matrix = noise.normal(7, 64).to(Precision.BF16);
    assertThat(rows.linear(matrix).toFloatArray())
        .isEqualTo(rows.linear(matrix.to(Precision.F32)).toFloatArray());
    Tensor many = noise.normal(600, 64);
    Tensor wide = noise.normal(160, 64).to(Precision.F16);
    assertThat(many.linear(wide).toFloatArray())
        .isEqualTo(many.linear(wide.to(Precision.F32)).toFloatArray());
  }

  /// oneDNN's own way with 24 channels takes in what lies behind them on some processors.
  @Test
  void channelsThatFillNoWholeVectorAreAllThatCounts() {
    Tensor wide = noise.normal(2, 24, 32, 64);
    Tensor kernel = noise.normal(8, 24, 3, 3);
    Tensor parts =
        wide.slice(1, 0, 16)
            .conv2d(kernel.slice(1, 0, 16), Optional.empty(), 1, 1)
            .plus(wide.slice(1, 16, 24).conv2d(kernel.slice(1, 16, 24), Optional.empty(), 1, 1));
    try (Scope _ = Scope.open()) {
      for (long count = 8; count < 200_000; count += count / 4) {
        Tensor.full(Double.NaN, count); // what lies behind is nobody's zero
      }
    }
    float[] found = wide.conv2d(kernel, Optional.empty(), 1, 1).toFloatArray();
    float[] expected = parts.toFloatArray();
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-3f)); // sums of 216 products
    }
  }
}
