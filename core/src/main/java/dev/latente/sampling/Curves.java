package dev.latente.sampling;

import java.util.Arrays;

/// Noise levels given by a formula in σ, from most to least, without a last 0.
final class Curves {
  private static final double RHO = 7; // Karras et al. (2022), section 3

  private Curves() {}

  /// Evenly in `σ^(1/ρ)`: [Karras et al. (2022)](https://arxiv.org/abs/2206.00364), equation 5.
  static double[] karras(double most, double least, int count) {
    double[] roots = Spacing.line(Math.pow(most, 1 / RHO), Math.pow(least, 1 / RHO), count);
    if (count == 1) {
      return new double[] {most};
    }
    return Arrays.stream(roots).map(root -> Math.pow(root, RHO)).toArray();
  }
}
