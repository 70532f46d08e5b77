package dev.latente.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
  void dpmpp2mIsOfSecondOrder() {
    assertThat(order(new Dpmpp2m(), 40)).isBetween(1.8, 2.2);
  }

  @Test
  void dpmpp2mOfTheHeunRuleIsOfSecondOrder() {
    var sampler = new Dpmpp2m(Dpmpp2m.Rule.HEUN, Dpmpp2m.LastStep.SECOND_ORDER);
    assertThat(order(sampler, 40)).isBetween(1.8, 2.2);
  }

  /// The binary logarithm of how much smaller the error becomes from `steps` to twice as many.
  private static double order(Sampler sampler, int steps) {
    double ratio = NormalData.error(sampler, steps) / NormalData.error(sampler, 2 * steps);
    return Math.log(ratio) / Math.log(2);
  }
}
