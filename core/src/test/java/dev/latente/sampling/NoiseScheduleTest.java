package dev.latente.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import org.junit.jupiter.api.Test;

class NoiseScheduleTest {
  private final NoiseSchedule schedule = NoiseSchedule.stableDiffusion();

  @Test
  void stableDiffusionHasThePublishedRange() {
    assertThat(schedule.sigmaMin()).isCloseTo(0.0292, within(5e-5)); // k-diffusion's numbers
    assertThat(schedule.sigmaMax()).isCloseTo(14.6146, within(5e-5));
  }

  @Test
  void sigmaAndTimestepAreInverse() {
    for (double t = 0; t <= 999; t += 0.37) {
      assertThat(schedule.timestepAt(schedule.sigmaAt(t))).isCloseTo(t, within(1e-6));
    }
    assertThat(schedule.sigmaAt(500)).isCloseTo(schedule.sigma(500), within(1e-6));
    assertThat(schedule.timestepAt(1e-9)).isZero();
    assertThat(schedule.timestepAt(1e9)).isEqualTo(999);
  }

  @Test
  void cosineScheduleFollowsItsCurve() {
    NoiseSchedule cosine = NoiseSchedule.of(BetaSchedule.SQUAREDCOS_CAP_V2, 0.1, 0.2, 1000);
    double half = Math.cos((0.5 + 0.008) / 1.008 * Math.PI / 2);
    double start = Math.cos(0.008 / 1.008 * Math.PI / 2);
    assertThat(cosine.alphaCumprod(499)).isCloseTo(half * half / (start * start), within(1e-5));
  }

  @Test
  void oneJumpAddsTheNoiseOfManySteps() {
    // x_t = sqrt(1 - β) x_(t-1) + sqrt(β) eps, 200 times; compared by mean and variance
    RandomNoise noise = RandomNoise.seeded(1);
    try (Scope _ = Scope.open()) {
      Tensor x = Tensor.full(2, 1, 20_000);
      Tensor jump = schedule.addNoise(x, noise.normal(1, 20_000), 199);
      for (int t = 0; t < 200; t++) {
        double before = t == 0 ? 1 : schedule.alphaCumprod(t - 1);
        double alpha = schedule.alphaCumprod(t) / before;
        x = x.times(Math.sqrt(alpha)).plus(noise.normal(1, 20_000).times(Math.sqrt(1 - alpha)));
      }
      assertThat(jump.mean().item()).isCloseTo(x.mean().item(), within(0.02));
      assertThat(NormalData.variance(jump.toFloatArray()))
          .isCloseTo(NormalData.variance(x.toFloatArray()), within(0.02));
    }
  }

  @Test
  void velocityAndNoisySampleGiveCleanAndNoiseBack() {
    try (Scope _ = Scope.open()) {
      RandomNoise noise = RandomNoise.seeded(1);
      Tensor clean = noise.normal(2, 4, 4, 4);
      Tensor eps = noise.normal(2, 4, 4, 4);
      Tensor x = schedule.addNoise(clean, eps, 10, 900);
      Tensor v = schedule.velocity(clean, eps, 10, 900);
      double signal = Math.sqrt(schedule.alphaCumprod(900));
      double rest = Math.sqrt(1 - schedule.alphaCumprod(900));
      Tensor found = x.times(signal).minus(v.times(rest)).minus(clean).slice(0, 1, 2);
      assertThat(found.abs().mean().item()).isLessThan(1e-6);
    }
  }

  @Test
  void zeroTerminalSnrKeepsTheFirstLevelAndEmptiesTheLast() {
    NoiseSchedule rescaled = schedule.zeroTerminalSnr(0x1p-24);
    assertThat(rescaled.alphaCumprod(0)).isCloseTo(schedule.alphaCumprod(0), within(1e-6));
    assertThat(rescaled.sigmaMax()).isCloseTo(4096, within(0.5));
    // the square root of ᾱ is moved and stretched by one factor
    double middle = Math.sqrt(schedule.alphaCumprod(500));
    double first = Math.sqrt(schedule.alphaCumprod(0));
    double last = Math.sqrt(schedule.alphaCumprod(999));
    assertThat(Math.sqrt(rescaled.alphaCumprod(500)))
        .isCloseTo((middle - last) * first / (first - last), within(1e-5));
  }

  @Test
  void noiseMustGrow() {
    assertThatThrownBy(() -> NoiseSchedule.ofBetas(0.1f, 0f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("noise must grow with each timestep");
  }

  @Test
  void aBatchNeedsATimestepEach() {
    try (Scope _ = Scope.open()) {
      Tensor x = Tensor.full(0, 3, 4);
      assertThatThrownBy(() -> schedule.addNoise(x, x, 1, 2))
          .hasMessage("a batch of 3 needs as many timesteps: 2");
    }
  }
}
