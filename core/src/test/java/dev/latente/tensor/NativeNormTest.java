package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.Kernels;
import dev.latente.kernel.NormSteps;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// libtorch's own norms, in f64 where its rounding would count, are the measure.
class NativeNormTest {
  private static final double EPSILON = 1e-6;

  // Results up to 6 that are rounded twice in f32, of numbers about 1, and libtorch's own rounding.
  private static final double TOLERANCE = 5e-6;

  private final Scope scope = Scope.open();
  private final int threads = Native.threads();

  @BeforeEach
  void kernelsRunHere() {
    assumeThat(Kernels.available()).isTrue();
  }

  @AfterEach
  void restore() {
    Acceleration.use(true);
    Native.threads(threads);
    scope.close();
  }

  private record Case(Tensor x, int groups, Tensor weight, Tensor bias) {
    static Case random(int n, int channels, int inGroup, int h, int w) {
      RandomNoise noise = RandomNoise.seeded(n + channels + inGroup + h + w);
      return new Case(
          noise.normal(n, h, w, channels).plus(0.3).permute(0, 3, 1, 2),
          channels / inGroup,
          noise.normal(channels),
          noise.normal(channels));
    }

    Case moved(double by) {
      return new Case(x.plus(by), groups, weight, bias);
    }

    NativeNorm.Form form() {
      return new NativeNorm.Form(groups, weight.handle(), bias.handle(), EPSILON);
    }

    Tensor found() {
      return Tensor.made("norm", () -> NativeNorm.normalized(x.handle(), form(), true, false));
    }

    /// By Java's vectors, whatever the processor has.
    Tensor foundByLoops(boolean silu) {
      return Tensor.made(
          "norm", () -> NativeNorm.normalized(x.handle(), form(), silu, false, NormSteps.LOOPS));
    }

    Tensor foundAlone() {
      return x.groupNorm(groups, weight, bias, EPSILON);
    }

    Tensor wanted() {
      return wide().silu().to(Precision.F32);
    }

    Tensor wantedAlone() {
      return wide().to(Precision.F32);
    }

    private Tensor wide() {
      return Tensor.made(
          "norm", () -> Native.groupNorm(wide(x), groups, wide(weight), wide(bias), EPSILON));
    }

    private static org.bytedeco.pytorch.Tensor wide(Tensor x) {
      return x.handle().toType(Native.scalarType(ElementType.F64));
    }
  }

  private static double difference(Tensor a, Tensor b) {
    assertThat(a.shape()).isEqualTo(b.shape());
    return NativeAffineTest.difference(a.toFloatArray(), b.toFloatArray());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 16, 4, 1, 1",
    "4, 32, 4, 1, 2",
    "2, 128, 4, 9, 15",
    "3, 320, 10, 11, 13",
    "1, 640, 20, 16, 8",
    "4, 1280, 40, 3, 5",
    "1, 48, 48, 31, 37",
    "2, 16, 1, 1, 129",
  })
  void normsAgreeWithLibtorch(int n, int channels, int inGroup, int h, int w) {
    Case one = Case.random(n, channels, inGroup, h, w);
    assertThat(difference(one.found(), one.wanted())).isLessThan(TOLERANCE);
    assertThat(difference(one.foundAlone(), one.wantedAlone())).isLessThan(TOLERANCE);
    assertThat(one.foundByLoops(true).toFloatArray()).isEqualTo(one.found().toFloatArray());
    assertThat(difference(one.foundByLoops(false), one.wantedAlone())).isLessThan(TOLERANCE);
  }

  // Squares are a million times the variance, whose digits f32 would lose; what is left is that
  // numbers of 1000, and 1000 times a factor of up to 4, are rounded to 1e-4 and 3e-4.
  @Test
  void greatMeansLeaveVariancesRight() {
    Case one = Case.random(2, 128, 4, 40, 50).moved(1000);
    assertThat(difference(one.found(), one.wanted())).isLessThan(1e-3);
  }

  // A map as large as the decoder's last: in f32 a sum of so many numbers would lose three digits.
  @Test
  void manyPixelsLoseNoDigits() {
    Case one = Case.random(1, 16, 8, 512, 512).moved(30);
    assertThat(difference(one.found(), one.wanted())).isLessThan(2e-5); // 30 is rounded
  }

  // Relative, by the roundings of a power, a sum and a quotient; below zero that of -x / ln 2 too,
  // half a unit in the last place of up to 128, comes through the power.
  @Test
  void siluIsRightFromEndToEnd() {
    int count = 40_000;
    float[] numbers = new float[count * 16];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (i - numbers.length / 2) / 2000F; // -160 to 160
    }
    Tensor x = Tensor.of(numbers, 1, 200, 200, 16).permute(0, 3, 1, 2);
    Tensor ones = Tensor.full(1, 1, 16, 1, 1);
    Tensor map = Fused.scaledSilu(x, ones, ones.times(0), false);
    float[] found = map.permute(0, 2, 3, 1).toFloatArray();
    for (int i = 0; i < found.length; i++) {
      double wanted = numbers[i] / (1 + Math.exp(-numbers[i]));
      double tolerance = Math.abs(wanted) * (5e-7 + 8e-8 * Math.max(-numbers[i], 0));
      assertThat((double) found[i]).isCloseTo(wanted, within(Math.max(tolerance, 1e-30)));
    }
  }

  @Test
  void theNumberOfThreadsChangesNothing() {
    Case one = Case.random(2, 320, 10, 33, 31);
    Native.threads(1);
    float[] single = one.found().toFloatArray();
    float[] singleAlone = one.foundAlone().toFloatArray();
    Native.threads(4);
    assertThat(one.found().toFloatArray()).isEqualTo(single);
    assertThat(one.foundAlone().toFloatArray()).isEqualTo(singleAlone);
  }

  @Test
  void noNumberStaysNoNumber() {
    Case one = Case.random(1, 16, 4, 20, 20);
    Tensor broken = one.x.times(Double.NaN);
    Tensor found = new Case(broken, 4, one.weight, one.bias).found();
    for (float number : found.toFloatArray()) {
      assertThat(number).isNaN();
    }
  }

  @Test
  void fusedAndApartAreTheSame() {
    Case one = Case.random(2, 64, 8, 30, 20);
    Tensor scale = one.x.slice(2, 0, 1).slice(3, 0, 1).contiguous();
    Tensor shift = one.x.slice(2, 1, 2).slice(3, 0, 1).contiguous();
    Tensor fused = Fused.groupNormSilu(one.x, 8, one.weight, one.bias, EPSILON, false);
    Tensor scaled = Fused.scaledSilu(one.x, scale, shift, false);
    Acceleration.use(false);
    Tensor apart = Fused.groupNormSilu(one.x, 8, one.weight, one.bias, EPSILON, false);
    assertThat(difference(fused, apart)).isLessThan(TOLERANCE);
    assertThat(difference(scaled, Fused.scaledSilu(one.x, scale, shift, false)))
        .isLessThan(TOLERANCE);
  }

  @Test
  void onlyWhatIsUsedForTheLastTimeIsWrittenOver() {
    Case one = Case.random(2, 64, 8, 30, 20);
    float[] before = one.x.toFloatArray();
    Tensor kept = Fused.groupNormSilu(one.x, 8, one.weight, one.bias, EPSILON, false);
    assertThat(one.x.toFloatArray()).isEqualTo(before);
    Tensor over = Fused.groupNormSilu(one.x, 8, one.weight, one.bias, EPSILON, true);
    assertThat(over.toFloatArray()).isEqualTo(kept.toFloatArray());
    assertThat(address(over)).isEqualTo(address(one.x));
    Tensor sum = Fused.added(over, kept);
    assertThat(sum.toFloatArray()).isEqualTo(kept.times(2).toFloatArray());
    assertThat(address(sum)).isEqualTo(address(one.x));
  }

  @Test
  void whatIsWrittenOverOutlivesItsScope() {
    Tensor sum =
        Scope.tidy(() -> {
          Tensor x = Scope.tidy(() -> Tensor.full(2, 1, 64, 32, 32).channelsLast());
          Tensor ones = Tensor.full(1, 1, 64, 1, 1);
          Tensor y = Scope.tidy(() -> Fused.scaledSilu(x, ones, ones.times(0), true));
          return Fused.added(y, Tensor.full(1, 1, 64, 1, 1));
        });
    double wanted = 1 + 2 / (1 + Math.exp(-2));
    assertThat(sum.toFloatArray()[64 * 32 * 32 - 1]).isCloseTo((float) wanted, within(1e-6F));
  }

  @Test
  void whatGradientsFlowThroughIsLeftToLibtorch() {
    Case one = Case.random(1, 64, 8, 20, 20);
    assertThat(NativeNorm.suits(one.x.handle(), one.form())).isTrue();
    one.weight.handle().requires_grad_(true);
    assertThat(NativeNorm.suits(one.x.handle(), one.form())).isFalse();
    Tensor sum = Fused.added(one.x, one.weight.reshape(1, -1, 1, 1));
    assertThat(address(sum)).isNotEqualTo(address(one.x));
  }

  // Also where the result may be written over the map: that is then a copy of it.
  @Test
  void mapsThatLieOtherwiseAreLaidOut() {
    Case one = Case.random(2, 64, 8, 20, 20);
    Tensor laidOut = one.x.slice(3, 0, 19).channelsLast();
    float[] before = laidOut.toFloatArray();
    for (Tensor x : List.of(laidOut, laidOut.contiguous(), one.x.slice(3, 0, 19))) {
      Case same = new Case(x, one.groups, one.weight, one.bias);
      assertThat(NativeNorm.suits(x.handle(), same.form())).isTrue();
      assertThat(same.found().toFloatArray())
          .isEqualTo(new Case(laidOut, one.groups, one.weight, one.bias).found().toFloatArray());
      if (x != laidOut) {
        Fused.groupNormSilu(x, one.groups, one.weight, one.bias, EPSILON, true);
        assertThat(x.toFloatArray()).isEqualTo(before);
      }
    }
  }

  @Test
  void otherNumbersAreLeftToLibtorch() {
    Case one = Case.random(2, 64, 8, 20, 20);
    assertThat(NativeNorm.suits(one.x.to(Precision.BF16).handle(), one.form())).isFalse();
  }

  @Test
  void fusedOperationsCountOnce() {
    Case one = Case.random(1, 64, 8, 20, 20);
    try (OperationProfile profile = OperationProfile.start()) {
      Tensor _ = Fused.groupNormSilu(one.x, 8, one.weight, one.bias, EPSILON, false);
      List<OperationCost> costs = profile.lap();
      assertThat(costs).hasSize(1);
      assertThat(costs.getFirst().kind()).isEqualTo(OperationKind.ACTIVATION);
      assertThat(costs.getFirst().positions()).isEqualTo(400);
    }
  }

  private static long address(Tensor x) {
    return x.handle().data_ptr().address();
  }
}
