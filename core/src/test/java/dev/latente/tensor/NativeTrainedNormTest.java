package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.Kernels;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Norms with a gradient of our own; libtorch's, in f64, are the measure.
class NativeTrainedNormTest {
  private static final double EPSILON = 1e-5;

  // f32 keeps 6e-8 of a number; derivatives are sums of a hundred to ten thousand products.
  private static final double TOLERANCE = 2e-6;

  private final Scope scope = Scope.open();
  private final int threads = Native.threads();

  @BeforeEach
  void kernelsRunHere() {
    assumeThat(Kernels.available()).isTrue();
  }

  @AfterEach
  void restore() {
    Native.threads(threads);
    scope.close();
  }

  private record Case(int n, int channels, int groups, int h, int w, boolean silu, double spread) {
    /// Result, then derivatives of the sum of results weighed by random numbers: by the numbers
    /// normalized, the weight and the bias.
    Tensor[] train(ElementType type) {
      RandomNoise noise = RandomNoise.seeded(n + channels + groups + h + w);
      Tensor like = Tensor.made("like", () -> Native.full(0, 1).toType(Native.scalarType(type)));
      Map<String, Tensor> weights = new LinkedHashMap<>();
      weights.put("x", noise.normal(n, h, w, channels).times(spread).plus(0.3).like(like));
      weights.put("weight", noise.normal(channels).like(like));
      weights.put("bias", noise.normal(channels).like(like));
      Tensor shares = noise.normal(n, channels, h, w).like(like);
      Parameters parameters = new Parameters(weights);
      Tensor x = weights.get("x").times(2).permute(0, 3, 1, 2); // not a leaf
      Tensor weight = weights.get("weight");
      Tensor bias = weights.get("bias");
      Tensor y =
          silu
              ? Fused.groupNormSilu(x, groups, weight, bias, EPSILON, true)
              : x.groupNorm(groups, weight, bias, EPSILON);
      parameters.backward(y.times(shares).sum());
      long count = weights.get("x").count();
      Tensor gradients = parameters.gradients();
      return new Tensor[] {
        y.detached(),
        gradients.slice(0, 0, count),
        gradients.slice(0, count, count + channels),
        gradients.slice(0, count + channels, count + 2L * channels)
      };
    }

    Tensor[] byKernels() {
      try (Tape _ = Tape.open()) {
        return train(ElementType.F32);
      }
    }
  }

  private static double relative(Tensor found, Tensor wanted) {
    Tensor f = found.like(wanted);
    return Math.sqrt(f.minus(wanted).square().sum().item() / wanted.square().sum().item());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 16, 4, 5, 4, true, 1",
    "2, 48, 16, 32, 32, true, 1",
    "3, 64, 16, 9, 7, false, 1",
    "2, 112, 16, 16, 17, true, 30",
    "1, 128, 1, 12, 12, false, 1",
    "2, 96, 96, 9, 9, true, 1"
  })
  void resultsAndGradientsAreLibtorchs(
      int n, int channels, int groups, int h, int w, boolean silu, double spread) {
    Case given = new Case(n, channels, groups, h, w, silu, spread);
    Tensor[] found = given.byKernels();
    Tensor[] wanted = given.train(ElementType.F64);
    for (int i = 0; i < found.length; i++) {
      assertThat(relative(found[i], wanted[i])).isCloseTo(0, within(TOLERANCE)).isPositive();
    }
  }

  @Test
  void gradientsAreTheSameWithAnyNumberOfThreads() {
    Case given = new Case(2, 48, 16, 32, 32, true, 1);
    Native.threads(1);
    Tensor[] one = given.byKernels();
    Native.threads(3);
    Tensor[] three = given.byKernels();
    for (int i = 0; i < one.length; i++) {
      assertThat(three[i].toFloatArray()).isEqualTo(one[i].toFloatArray());
    }
  }

  /// Numbers of a hundred deviations: the SiLU's exponential goes to its limits.
  @Test
  void farNumbersHaveFiniteGradients() {
    try (Tape _ = Tape.open()) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      weights.put("weight", Tensor.full(1e3, 16));
      weights.put("bias", Tensor.full(0, 16));
      Parameters parameters = new Parameters(weights);
      Tensor x = RandomNoise.seeded(1).normal(1, 32, 32, 16).permute(0, 3, 1, 2);
      Tensor y =
          Fused.groupNormSilu(x, 4, weights.get("weight"), weights.get("bias"), EPSILON, false);
      parameters.backward(y.sum());
      assertThat(parameters.gradients().square().sum().item()).isFinite().isPositive();
    }
  }

  @Test
  void nothingChangesWithoutATape() {
    Case given = new Case(2, 48, 16, 32, 32, true, 1);
    Tensor[] found = given.train(ElementType.F32);
    Acceleration.use(false);
    Tensor[] wanted = given.train(ElementType.F32);
    Acceleration.use(true);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i].toFloatArray()).isEqualTo(wanted[i].toFloatArray());
    }
  }
}
