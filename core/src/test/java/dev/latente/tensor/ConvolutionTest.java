package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.Kernels;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConvolutionTest {
  private static final long BYTES = 36L * 128 * 128 * Float.BYTES;

  private final Scope scope = Scope.open();
  private final RandomNoise noise = RandomNoise.seeded(4);
  private final Tensor x = noise.normal(1, 128, 32, 32);
  private final Tensor weight = noise.normal(128, 128, 3, 3).times(1.0 / 34);
  private final Tensor bias = noise.normal(128);
  private float[] plain = {};

  @BeforeEach
  void withoutKernels() {
    Acceleration.allow(0);
    plain = convolve();
  }

  @AfterEach
  void forget() {
    Convolution.forget(weight);
    Acceleration.allow(0);
    scope.close();
  }

  private float[] convolve() {
    return x.conv2d(weight, Optional.of(bias), 1, 1).toFloatArray();
  }

  @Test
  void memoryThatIsAllowedIsUsedAndGivenBack() {
    assumeThat(Kernels.available()).isTrue();
    Acceleration.allow(BYTES);
    assertThat(convolve()).isNotEqualTo(plain);
    assertThat(Acceleration.take(1)).as("some is left").isFalse();
    Convolution.forget(weight);
    assertThat(Acceleration.take(BYTES)).as("all was given back").isTrue();
  }

  @Test
  void withTooLittleMemoryLibtorchConvolves() {
    Acceleration.allow(BYTES - 1);
    assertThat(convolve()).isEqualTo(plain);
  }

  @Test
  void smallConvolutionsAreLeftToLibtorch() {
    Acceleration.allow(BYTES);
    Tensor small = x.slice(2, 0, 8).slice(3, 0, 8);
    Tensor before = small.conv2d(weight, Optional.of(bias), 1, 1);
    Acceleration.allow(0);
    assertThat(small.conv2d(weight, Optional.of(bias), 1, 1).toFloatArray())
        .isEqualTo(before.toFloatArray());
  }

  @Test
  void narrowWeightsCountAsTheirValues() {
    Tensor narrow = weight.to(Precision.F16);
    Tensor wide = narrow.to(Precision.F32);
    assertThat(x.conv2d(narrow, Optional.of(bias), 1, 1).toFloatArray())
        .isEqualTo(x.conv2d(wide, Optional.of(bias), 1, 1).toFloatArray());
    Tensor rows = noise.normal(5, 64);
    Tensor matrix = noise.normal(7, 64).to(Precision.BF16);
    assertThat(rows.linear(matrix).toFloatArray())
        .isEqualTo(rows.linear(matrix.to(Precision.F32)).toFloatArray());
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

  @Test
  void memoryIsNotNegative() {
    assertThatThrownBy(() -> Acceleration.allow(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bytes must be 0 or more: -1");
  }
}
