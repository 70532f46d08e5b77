package dev.latente.sampling;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// Noise levels given by a formula in σ, from most to least, without a last 0.
final class Curves {
  /// Steepness of Karras' levels: Karras et al. (2022), section 3.
  static final double RHO = 7;

  /// Both parameters of the beta distribution: [Lee et al.
  /// (2024)](https://arxiv.org/abs/2407.12173), section 4.
  private static final double BETA_SHAPE = 0.6;

  private Curves() {}

  /// Evenly in `σ^(1/ρ)`: [Karras et al. (2022)](https://arxiv.org/abs/2206.00364), equation 5.
  static double[] karras(double most, double least, int count) {
    return karras(most, least, count, RHO);
  }

  static double[] karras(double most, double least, int count, double rho) {
    double[] roots = Spacing.line(Math.pow(most, 1 / rho), Math.pow(least, 1 / rho), count);
    return count == 1 ? one(most) : map(roots, root -> Math.pow(root, rho));
  }

  /// Evenly in `ln σ`.
  static double[] exponential(double most, double least, int count) {
    return polyexponential(most, least, count, 1);
  }

  /// As the power `rho` of even steps in `ln σ`: k-diffusion's `get_sigmas_polyexponential`.
  static double[] polyexponential(double most, double least, int count, double rho) {
    double low = Math.log(least);
    double range = Math.log(most) - low;
    double[] ramp = Spacing.line(1, 0, count);
    return count == 1 ? one(most) : map(ramp, r -> Math.exp(Math.pow(r, rho) * range + low));
  }

  /// As dense as the beta distribution: [Lee et al. (2024)](https://arxiv.org/abs/2407.12173).
  static double[] beta(double most, double least, int count) {
    return map(
        Spacing.line(1, 0, count),
        p -> least + BetaDistribution.quantile(count == 1 ? 1 : p, BETA_SHAPE) * (most - least));
  }

  /// Evenly in `arctan σ`: Sabour et al. (2024), [Align Your
  /// Steps](https://arxiv.org/abs/2404.14507), section 3.1.
  static double[] klOptimal(double most, double least, int count) {
    return map(Spacing.line(Math.atan(most), Math.atan(least), count), Math::tan);
  }

  /// The points of `knots` where they are, and between them evenly spaced in `ln σ`, `count` in
  /// all.
  static double[] between(double[] knots, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      double at = count == 1 ? 0 : (double) i * (knots.length - 1) / (count - 1);
      int low = Math.min((int) at, knots.length - 2);
      double weight = at - low;
      values[i] = Math.exp((1 - weight) * Math.log(knots[low]) + weight * Math.log(knots[low + 1]));
    }
    return values;
  }

  private static double[] one(double value) {
    return new double[] {value};
  }

  private static double[] map(double[] values, DoubleUnaryOperator function) {
    return Arrays.stream(values).map(function).toArray();
  }
}
