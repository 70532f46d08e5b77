package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.Kernels;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// libtorch's own maps are the measure.
class NativeAffineTest {
  // The same products in another order of summing, and gelu's error of 1.5e-7 times values up to
  // 20.
  private static final double TOLERANCE = 1e-5;

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

  /// The greatest difference of two arrays' numbers; infinite if one is no number.
  static double difference(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      double d = Math.abs((double) a[i] - b[i]);
      most = Math.max(most, Double.isNaN(d) ? Double.POSITIVE_INFINITY : d);
    }
    return most;
  }

  private static double difference(Tensor a, Tensor b) {
    assertThat(a.shape()).isEqualTo(b.shape());
    return difference(a.toFloatArray(), b.toFloatArray());
  }

  private record Case(Tensor x, Tensor weight, Tensor bias) {
    static Case random(int n, int length, int in, int out) {
      RandomNoise noise = RandomNoise.seeded(n + length + in + out);
      return new Case(
          noise.normal(n, length, in),
          noise.normal(out, in).times(1 / Math.sqrt(in)),
          noise.normal(out));
    }

    Tensor mapped() {
      var shift = Optional.of(bias.handle());
      return Tensor.made("map", () -> NativeAffine.linear(x.handle(), weight.handle(), shift));
    }

    Tensor gated() {
      return Tensor.made(
          "gated", () -> NativeAffine.gated(x.handle(), weight.handle(), bias.handle()));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 16", "3, 7, 5, 48", "8, 9, 33, 16", "2, 300, 20, 80", "1, 513, 7, 1040"})
  void mapsAgreeWithLibtorch(int n, int length, int in, int out) {
    Case one = Case.random(n, length, in, out);
    Tensor wanted =
        Tensor.made(
            "linear", () -> Native.linear(one.x.handle(), one.weight.handle(), one.bias.handle()));
    assertThat(difference(one.mapped(), wanted)).isLessThan(TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 32", "3, 7, 5, 96", "8, 9, 33, 32", "2, 300, 20, 160", "1, 513, 7, 2080"})
  void gatedMapsAgreeWithLibtorch(int n, int length, int in, int out) {
    Case one = Case.random(n, length, in, out);
    Tensor both =
        Tensor.made(
            "linear", () -> Native.linear(one.x.handle(), one.weight.handle(), one.bias.handle()));
    Tensor[] parts = both.chunk(2, -1);
    assertThat(difference(one.gated(), parts[0].times(parts[1].gelu()))).isLessThan(TOLERANCE);
  }

  @Test
  void gatesOfAnySizeAreGelus() {
    // The identity as values' weights would need a wide input: here x = 1 gives the weights back.
    int count = 160_000;
    float[] weights = new float[2 * count];
    for (int i = 0; i < count; i++) {
      weights[i] = 1;
      weights[count + i] = (i - count / 2) / 4000F; // -20 to 20
    }
    Tensor weight = Tensor.of(weights, 2L * count, 1);
    Tensor gates = weight.slice(0, count, 2L * count).reshape(1, count);
    Case one = new Case(Tensor.full(1, 1, 1), weight, Tensor.full(0, 2L * count));
    assertThat(difference(one.gated(), gates.gelu())).isLessThan(2e-6);
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 16, 1, 1", "2, 5, 48, 3, 7", "8, 1, 32, 2, 5"})
  void convolutionsThatAreMapsAgreeWithLibtorch(int n, int in, int out, int h, int w) {
    RandomNoise noise = RandomNoise.seeded(n + in + out + h + w);
    Tensor x = noise.normal(n, in, h, w);
    var bias = Optional.of(noise.normal(out).handle());
    for (int kernel : new int[] {1, 3}) {
      Tensor weight = noise.normal(out, in, kernel, kernel).times(1 / Math.sqrt(9.0 * in));
      Tensor found =
          Tensor.made(
              "map",
              () ->
                  kernel == 1
                      ? NativeAffine.pointwise(x.handle(), weight.handle(), bias)
                      : NativeAffine.surroundings(x.handle(), weight.handle(), bias));
      Tensor wanted =
          Tensor.made(
              "conv2d", () -> Native.conv2d(x.handle(), weight.handle(), bias, 1, kernel / 2));
      assertThat(difference(found, wanted)).isLessThan(TOLERANCE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 8",
    "2, 8, 33, 77, 40",
    "8, 3, 200, 5, 16",
    "1, 1, 31, 300, 160",
    "2, 5, 150, 129, 64",
  })
  void attentionAgreesWithLibtorch(int n, int heads, int queries, int keys, int features) {
    RandomNoise noise = RandomNoise.seeded(n + heads + queries + keys + features);
    Tensor q = noise.normal(n, queries, heads, features).times(3).transpose(1, 2);
    Tensor k = noise.normal(n, heads, keys, features).times(3);
    Tensor v = noise.normal(n, keys, heads, features).transpose(1, 2);
    Tensor found =
        Tensor.made("attend", () -> NativeAttention.lanes(q.handle(), k.handle(), v.handle()));
    Tensor wanted =
        Tensor.made("attention", () -> Native.attention(q.handle(), k.handle(), v.handle(), false));
    assertThat(difference(found, wanted)).isLessThan(2e-5); // weights are sharp: scores up to 60
  }

  @Test
  void theNumberOfThreadsChangesNothing() {
    Case one = Case.random(2, 700, 96, 1120);
    Native.threads(1);
    float[] mapped = one.mapped().toFloatArray();
    float[] gated = one.gated().toFloatArray();
    Native.threads(4);
    assertThat(one.mapped().toFloatArray()).isEqualTo(mapped);
    assertThat(one.gated().toFloatArray()).isEqualTo(gated);
  }

  @Test
  void whatGradientsFlowThroughIsLeftToLibtorch() {
    Case one = Case.random(2, 700, 96, 1120);
    assertThat(NativeAffine.suits(one.x.handle(), one.weight.handle())).isTrue();
    one.weight.handle().requires_grad_(true);
    assertThat(NativeAffine.suits(one.x.handle(), one.weight.handle())).isFalse();
  }
}
