package dev.latente.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How fast the error of a deterministic sampler falls when its steps become shorter, on data for
/// which the exact path is known.
class SamplerOrderTest {
  @Test
  void eulerIsOfFirstOrder() {
    assertThat(order(new Euler(), 40)).isBetween(0.9, 1.1);
  }

  @Test
  void ddimIsOfFirstOrder() {
    assertThat(order(new Ddim(0, new Limit.None()), 40)).isBetween(0.9, 1.1);
  }

  @Test
  void heunIsOfSecondOrder() {
    assertThat(order(new Heun(), 20)).isBetween(1.8, 2.2);
  }

  @Test
  void dpm2IsOfSecondOrder() {
    assertThat(order(new Dpm2(0), 20)).isBetween(1.8, 2.2);
  }

  @Test
  void dpmpp2sAncestralWithoutNoiseIsOfSecondOrder() {
    assertThat(order(new Dpmpp2sAncestral(0), 20)).isBetween(1.8, 2.2);
  }

  @Test
  void dpmppSdeWithoutNoiseIsOfSecondOrder() {
    assertThat(order(new DpmppSde(0), 20)).isBetween(1.8, 2.2);
  }

  @ParameterizedTest
  @CsvSource({"1, MIDPOINT", "2, MIDPOINT", "2, HEUN"})
  void dpmppMultistepIsOfItsOrder(int order, SecondOrder rule) {
    var sampler = new DpmppMultistep(order, 0, rule, LastStep.FULL_ORDER);
    assertThat(order(sampler, 40)).isBetween(order - 0.3, order + 0.3);
  }

  @Test
  void dpmpp3mHasAFractionOfTheErrorOf2m() {
    var sampler = new DpmppMultistep(3, 0, SecondOrder.MIDPOINT, LastStep.FULL_ORDER);
    assertThat(order(sampler, 80)).isBetween(1.7, 2.2);
    Sigmas sigmas = NormalData.karras(40);
    assertThat(NormalData.error(sampler, sigmas))
        .isLessThan(NormalData.error(DpmppMultistep.dpmpp2m(), sigmas) / 4);
  }

  @ParameterizedTest
  @CsvSource({"1, MIDPOINT", "2, MIDPOINT", "2, HEUN", "3, MIDPOINT", "3, HEUN"})
  void dpmppSinglestepIsOfItsOrder(int order, SecondOrder rule) {
    assertThat(order(new DpmppSinglestep(order, rule, false), 36))
        .isBetween(order - 0.3, order + 0.3);
  }

  @ParameterizedTest
  @CsvSource({"1, SIGMA", "2, SIGMA", "3, SIGMA", "1, LOG_SIGMA", "2, LOG_SIGMA", "3, LOG_SIGMA"})
  void linearMultistepIsOfItsOrder(int order, LinearMultistep.Scale scale) {
    var sampler = new LinearMultistep(order, scale, LastStep.FULL_ORDER);
    assertThat(order(sampler, 40)).isBetween(order - 0.3, order + 0.3);
  }

  @ParameterizedTest
  @CsvSource({"1, BH1", "1, BH2", "2, BH1", "2, BH2", "3, BH2"})
  void uniPcIsOneOrderBetterThanItsPredictor(int order, UniPc.Function function) {
    var sampler = new UniPc(order, function, LastStep.FULL_ORDER);
    assertThat(order(sampler, 40)).isGreaterThan(order + 0.7);
  }

  /// Combinations of answers at equal distances, so levels are equal angles `atan σ` apart; the
  /// start is Heun's, of second order, and what follows does not undo its error.
  @Test
  void pndmIsOfItsStartsOrder() {
    var sampler = new Pndm(Prediction.EPSILON, Pndm.Start.HEUN);
    double coarse = NormalData.error(sampler, angles(20));
    double fine = NormalData.error(sampler, angles(40));
    assertThat(Math.log(coarse / fine) / Math.log(2)).isBetween(1.7, 3.3);
    assertThat(fine).isLessThan(NormalData.error(new Ddim(0, new Limit.None()), angles(40)) / 10);
  }

  private static Sigmas angles(int steps) {
    double most = Math.atan(NormalData.MOST);
    double least = Math.atan(0.03);
    double[] sigmas = new double[steps + 2];
    for (int i = 0; i < sigmas.length; i++) {
      int step = i < 2 ? i : i - 1; // the second level is asked twice
      sigmas[i] = Math.tan(most + (least - most) * step / steps);
    }
    return Sigmas.of(sigma -> 1, sigmas);
  }

  /// The binary logarithm of how much smaller the error becomes from `steps` to twice as many.
  private static double order(Sampler sampler, int steps) {
    double coarse = NormalData.error(sampler, NormalData.karras(steps));
    double fine = NormalData.error(sampler, NormalData.karras(2 * steps));
    return Math.log(coarse / fine) / Math.log(2);
  }
}
