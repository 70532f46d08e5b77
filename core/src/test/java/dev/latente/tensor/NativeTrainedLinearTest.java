package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Linear maps with a gradient of our own; libtorch's, in f64, are the measure.
class NativeTrainedLinearTest {
  // Numbers are split into halves with 17 digits in base 2, an error of 4e-6 each.
  private static final double TOLERANCE = 1e-5;

  private final Scope scope = Scope.open();
  private final int threads = Native.threads();

  @BeforeEach
  void tilesAreHere() {
    assumeThat(NativeTiles.here()).isPresent();
  }

  @AfterEach
  void restore() {
    Native.threads(threads);
    scope.close();
  }

  private record Case(int n, int length, int in, int out, boolean biased) {
    /// Result, then derivatives of the sum of results weighed by random numbers: by `x`, by the
    /// weight, and by the bias if there is one.
    Tensor[] train(ElementType type) {
      RandomNoise noise = RandomNoise.seeded(n + length + in + out);
      Tensor like = Tensor.made("like", () -> Native.full(0, 1).toType(Native.scalarType(type)));
      Map<String, Tensor> weights = new LinkedHashMap<>();
      weights.put("x", noise.normal(n, length, in).like(like));
      weights.put("weight", noise.normal(out, in).like(like));
      Tensor bias = noise.normal(out).like(like);
      if (biased) {
        weights.put("bias", bias);
      }
      Tensor shares = noise.normal(n, length, out).like(like);
      Parameters parameters = new Parameters(weights);
      Tensor x = weights.get("x").times(2);
      Tensor weight = weights.get("weight");
      Tensor y = biased ? x.linear(weight, bias) : x.linear(weight);
      parameters.backward(y.times(shares).sum());
      Tensor gradients = parameters.gradients();
      Tensor[] found = new Tensor[1 + weights.size()];
      found[0] = y.detached();
      long at = 0;
      int i = 1;
      for (Tensor each : weights.values()) {
        found[i++] = gradients.slice(0, at, at + each.count());
        at += each.count();
      }
      return found;
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
    "16, 256, 64, 64, true",
    "2, 77, 128, 64, false",
    "3, 50, 256, 96, true",
    "1, 64, 128, 1024, true",
    "16, 64, 512, 128, false"
  })
  void resultsAndGradientsAreLibtorchs(int n, int length, int in, int out, boolean biased) {
    Case given = new Case(n, length, in, out, biased);
    Tensor[] found = given.byKernels();
    Tensor[] wanted = given.train(ElementType.F64);
    for (int i = 0; i < found.length; i++) {
      assertThat(relative(found[i], wanted[i])).isCloseTo(0, within(TOLERANCE)).isPositive();
    }
  }

  @Test
  void gradientsHardlyDependOnThreads() {
    Case given = new Case(16, 256, 64, 512, true);
    Native.threads(1);
    Tensor[] one = given.byKernels();
    Native.threads(3);
    Tensor[] three = given.byKernels();
    for (int i = 0; i < one.length; i++) {
      assertThat(relative(three[i], one[i])).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void brainFloatsAreLibtorchs() {
    try (Tape _ = Tape.open();
        Autocast _ = Autocast.open(Device.CPU, Precision.BF16)) {
      Tensor y = Tensor.full(1, 16, 256, 64).linear(trained(Tensor.full(1, 64, 64)));
      assertThat(y.elementType()).isEqualTo(ElementType.BF16);
    }
  }

  private static Tensor trained(Tensor weight) {
    Parameters unused = new Parameters(Map.of("weight", weight));
    assertThat(unused.count()).isEqualTo(weight.count());
    return weight;
  }
}
