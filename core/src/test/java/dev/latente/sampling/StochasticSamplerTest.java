package dev.latente.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StochasticSamplerTest {
  @Test
  void eulerAncestralKeepsTheDistributionOfTheData() {
    assertThat(order(new EulerAncestral(1))).isBetween(0.9, 1.1);
    assertThat(order(new EulerAncestral(0.5))).isBetween(0.9, 1.1);
  }

  @Test
  void ddpmKeepsTheDistributionOfTheData() {
    assertThat(order(new Ddpm(Ddpm.Variance.FIXED_SMALL))).isBetween(0.9, 1.1);
  }

  /// Section 3.2 of the paper; what is left are the sums of single precision.
  @Test
  void ddpmWithTheLargeVarianceIsExactForNormalData() {
    assertThat(variance(new Ddpm(Ddpm.Variance.FIXED_LARGE), 20)).isCloseTo(1, within(1e-5));
  }

  @Test
  void otherStochasticSamplersKeepTheDistributionOfTheData() {
    for (Sampler sampler :
        List.of(
            new Dpm2(1),
            new Dpmpp2sAncestral(1),
            new DpmppSde(1),
            new DpmppMultistep(2, 1, SecondOrder.MIDPOINT, LastStep.FULL_ORDER),
            new DpmppMultistep(2, 1, SecondOrder.HEUN, LastStep.FULL_ORDER),
            new DpmppMultistep(3, 1, SecondOrder.HEUN, LastStep.FULL_ORDER),
            new DpmppMultistep(3, 0.5, SecondOrder.HEUN, LastStep.FULL_ORDER))) {
      assertThat(order(sampler)).isBetween(1.7, 2.4);
    }
  }

  @Test
  void restartForgetsMoreOfItsBeginningThanHeun() {
    // noise from σ of about 0.1 up to 2 and down again leaves sqrt(1 + 0.1²) / sqrt(1 + 2²) of it
    double kept = beginning(new Restart(), 30) / beginning(new Heun(), 30);
    assertThat(kept).isCloseTo(0.45, within(0.05));
    assertThat(variance(new Restart(), 60)).isCloseTo(1, within(0.02));
  }

  @Test
  void shortRunsOfRestartAreHeuns() {
    assertThat(distance(values(new Restart(), 19), values(new Heun(), 19))).isZero();
  }

  @Test
  void ddimWithAllNoiseRenewedIsDdpm() {
    Sampler ddim = new Ddim(1, new Limit.None());
    Sampler ddpm = new Ddpm(Ddpm.Variance.FIXED_SMALL);
    assertThat(distance(values(ddim, 12), values(ddpm, 12))).isLessThan(1e-5);
  }

  @Test
  void eulerAncestralWithoutRenewalIsEuler() {
    assertThat(distance(values(new EulerAncestral(0), 12), values(new Euler(), 12))).isZero();
  }

  @Test
  void eachPictureOfABatchHasItsOwnNoise() {
    try (Scope _ = Scope.open()) {
      StepNoise two = StepNoise.each(List.of(RandomNoise.seeded(5), RandomNoise.seeded(6)));
      Tensor both = two.like(Tensor.full(0, 2, 4, 8, 8));
      assertThat(both.slice(0, 1, 2).toFloatArray())
          .isEqualTo(RandomNoise.seeded(6).normal(1, 4, 8, 8).toFloatArray());
    }
  }

  private static double distance(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElseThrow();
  }

  /// The binary logarithm of how much closer to 1 the variance comes from 100 steps to 200.
  private static double order(Sampler sampler) {
    return Math.log(Math.abs((variance(sampler, 100) - 1) / (variance(sampler, 200) - 1)))
        / Math.log(2);
  }

  /// The exact variance of what `sampler` makes of normal data: as everything is linear, each draw
  /// of noise is followed in a dimension of its own.
  private static double variance(Sampler sampler, int steps) {
    Sigmas sigmas = NormalData.karras(steps);
    double sum = 0;
    for (float part : parts(sampler, sigmas)) {
      sum += part * part;
    }
    return sum - sigmas.sigma(steps) * sigmas.sigma(steps); // without the noise left in it
  }

  /// How much of the first noise is in the result.
  private static double beginning(Sampler sampler, int steps) {
    return parts(sampler, NormalData.karras(steps))[0];
  }

  private static float[] parts(Sampler sampler, Sigmas sigmas) {
    int[] draws = {0};
    StepNoise noise = x -> unit(++draws[0], Math.toIntExact(x.count()));
    try (Scope _ = Scope.open()) {
      Tensor start = unit(0, 2 * sigmas.steps() + 3).times(Math.hypot(1, sigmas.sigma(0)));
      return sampler
          .sample(NormalData.DENOISER, start, sigmas, noise, StepListener.none())
          .toFloatArray();
    }
  }

  private static Tensor unit(int dimension, int dimensions) {
    float[] values = new float[dimensions];
    values[dimension] = 1;
    return Tensor.of(values, dimensions);
  }

  private static float[] values(Sampler sampler, int steps) {
    RandomNoise stream = RandomNoise.seeded(3);
    try (Scope _ = Scope.open()) {
      Tensor noise = stream.normal(1, 4, 8, 8).times(NormalData.MOST);
      return sampler
          .sample(
              NormalData.DENOISER,
              noise,
              NormalData.karras(steps),
              StepNoise.of(stream),
              StepListener.none())
          .toFloatArray();
    }
  }
}
