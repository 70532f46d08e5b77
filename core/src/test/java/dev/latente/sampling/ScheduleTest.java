package dev.latente.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
  private static final SchedulerConfig EULER =
      SchedulerConfig.stableDiffusion(Prediction.EPSILON).withSampler(SamplerKind.EULER);
  private static final NoiseSchedule NOISE = NoiseSchedule.stableDiffusion();

  /// Quantiles of SciPy's `beta(0.6, 0.6)`.
  @ParameterizedTest
  @CsvSource({
    "0.01, 0.0008612388215429059",
    "0.1, 0.03958440558878085",
    "0.25, 0.17568037865269498",
    "0.4, 0.3627009907532143",
    "0.5, 0.5",
    "0.9, 0.9604155944112192",
    "0.999, 0.9999814412614826"
  })
  void betaQuantilesAreThoseOfSciPy(double p, double expected) {
    assertThat(BetaDistribution.quantile(p, 0.6)).isCloseTo(expected, within(1e-9));
  }

  @Test
  void exponentialLevelsHaveOneRatio() {
    double[] sigmas = levels(Schedule.EXPONENTIAL, 10);
    for (int i = 1; i < 9; i++) {
      assertThat(sigmas[i] / sigmas[i + 1]).isCloseTo(sigmas[0] / sigmas[1], within(1e-5));
    }
    assertThat(sigmas[10]).isZero();
  }

  @Test
  void polyexponentialLevelsOfPowerOneAreExponential() {
    double[] exponential = levels(Schedule.EXPONENTIAL, 9);
    assertThat(levels(Schedule.POLYEXPONENTIAL, 9)).containsExactly(exponential);
    SchedulerConfig steep = EULER.withSchedule(Schedule.POLYEXPONENTIAL).with("rho", 2);
    double middle = Math.log(steep.sigmas(9).sigma(4) / NOISE.sigmaMin());
    assertThat(middle / Math.log(NOISE.sigmaMax() / NOISE.sigmaMin()))
        .isCloseTo(0.25, within(1e-5));
  }

  @Test
  void normalLevelsGoEvenlyThroughAllTimesteps() {
    Sigmas sigmas = EULER.withSchedule(Schedule.NORMAL).sigmas(11);
    for (int i = 0; i < 11; i++) {
      assertThat(sigmas.at(i).timestep()).isCloseTo(999 - 99.9 * i, within(1e-2));
    }
  }

  @Test
  void sgmUniformLevelsLeaveOutTheLeastNoise() {
    Sigmas sigmas = EULER.withSchedule(Schedule.SGM_UNIFORM).sigmas(9);
    for (int i = 0; i < 9; i++) {
      assertThat(sigmas.at(i).timestep()).isCloseTo(999 - 111 * i, within(1e-2));
    }
    assertThat(sigmas.sigma(9)).isZero();
  }

  @Test
  void simpleLevelsAreTrainingLevels() {
    Sigmas sigmas = EULER.withSchedule(Schedule.SIMPLE).sigmas(3);
    assertThat(sigmas.sigma(0)).isEqualTo(NOISE.sigma(999));
    assertThat(sigmas.sigma(1)).isEqualTo(NOISE.sigma(666));
    assertThat(sigmas.sigma(2)).isEqualTo(NOISE.sigma(333));
  }

  @Test
  void ddimLevelsBeginAtTheSecondTrainingLevel() {
    Sigmas even = EULER.withSchedule(Schedule.DDIM).sigmas(20);
    assertThat(even.steps()).isEqualTo(20);
    assertThat(even.at(0).timestep()).isCloseTo(951, within(1e-2));
    assertThat(even.at(19).timestep()).isCloseTo(1, within(1e-2));
    assertThat(EULER.withSchedule(Schedule.DDIM).sigmas(30).steps()).isEqualTo(31);
  }

  @Test
  void alignYourStepsHasThePublishedLevels() {
    SchedulerConfig config = EULER.withSchedule(Schedule.ALIGN_YOUR_STEPS);
    assertThat(config.sigmas(11).toArray())
        .containsExactly(
            new double[] {
              14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029, 0
            },
            within(1e-6));
    assertThat(config.with("model_family", "sdxl").sigmas(11).sigma(1))
        .isCloseTo(6.315, within(1e-6));
    assertThat(config.sigmas(21).sigma(1)).isCloseTo(Math.sqrt(14.615 * 6.475), within(1e-5));
  }

  /// The levels as Forge lists them.
  @Test
  void gitsHasThePublishedLevels() {
    SchedulerConfig config = EULER.withSchedule(Schedule.GITS);
    assertThat(config.sigmas(11).toArray())
        .containsExactly(
            new double[] {
              14.615, 4.617, 2.507, 1.236, 0.702, 0.402, 0.240, 0.156, 0.104, 0.094, 0.029, 0
            },
            within(1e-6));
    assertThat(config.with("model_family", "sdxl").sigmas(11).sigma(3))
        .isCloseTo(1.529, within(1e-6));
  }

  /// `flip(arange(1, n + 1) * 1000 / n - 1)`, rounded.
  @Test
  void turboLevelsEndEachPartOfTraining() {
    Sigmas four = EULER.withSchedule(Schedule.TURBO).sigmas(4);
    for (int i = 0; i < 4; i++) {
      assertThat(four.sigma(i)).isEqualTo(NOISE.sigma(999 - 250 * i));
    }
    assertThat(four.sigma(4)).isZero();
    Sigmas eight = EULER.withSchedule(Schedule.TURBO).sigmas(16);
    assertThat(eight.at(1).timestep()).isCloseTo(936, within(1e-2)); // 936.5 to the even one
    assertThat(eight.at(15).timestep()).isCloseTo(62, within(1e-2)); // 61.5 to the even one
  }

  @Test
  void klOptimalLevelsAreEvenInTheirAngleAndEndAboveZero() {
    Sigmas sigmas = EULER.withSchedule(Schedule.KL_OPTIMAL).sigmas(10);
    double step = Math.atan(sigmas.sigma(0)) - Math.atan(sigmas.sigma(1));
    for (int i = 0; i < 10; i++) {
      assertThat(Math.atan(sigmas.sigma(i)) - Math.atan(sigmas.sigma(i + 1)))
          .isCloseTo(step, within(1e-5));
    }
    assertThat(sigmas.sigma(10)).isCloseTo(NOISE.sigmaMin(), within(1e-6));
  }

  @Test
  void distilledModelsTakeAsManyStepsAsTheyWereDistilledAt() {
    SchedulerConfig lcm = SchedulerConfig.of("LCMScheduler", Map.of());
    assertThat(lcm.sigmas(4).at(0).timestep()).isEqualTo(999);
    assertThatThrownBy(() -> lcm.sigmas(51))
        .hasMessage("steps must be from 1 to 50, as many as the model was distilled at: 51");
  }

  private static double[] levels(Schedule schedule, int steps) {
    return EULER.withSchedule(schedule).sigmas(steps).toArray();
  }
}
