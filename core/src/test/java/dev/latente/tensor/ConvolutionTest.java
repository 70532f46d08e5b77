package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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

  @Test
  void memoryIsNotNegative() {
    assertThatThrownBy(() -> Acceleration.allow(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bytes must be 0 or more: -1");
  }
}
