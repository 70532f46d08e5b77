package dev.latente.sampling;

import java.util.function.DoubleUnaryOperator;

/// Integrals that the multistep methods need.
final class Quadrature {
  /// Gauss-Legendre's eight points in (0, 1) and their weights, exact for polynomials up to degree
  /// 15: Abramowitz and Stegun (1964), table 25.4.
  private static final double[] POINTS = {
    0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363
  };

  private static final double[] WEIGHTS = {
    0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763
  };

  private Quadrature() {}

  /// The integral of `function` from `from` to `to`.
  static double integral(DoubleUnaryOperator function, double from, double to) {
    double middle = (from + to) / 2;
    double half = (to - from) / 2;
    double sum = 0;
    for (int i = 0; i < POINTS.length; i++) {
      double offset = half * POINTS[i];
      sum +=
          WEIGHTS[i]
              * (function.applyAsDouble(middle + offset) + function.applyAsDouble(middle - offset));
    }
    return half * sum;
  }

  /// The value at `x` of the polynomial that is 1 at `nodes[j]` and 0 at the others.
  static double lagrange(double[] nodes, int j, double x) {
    double product = 1;
    for (int k = 0; k < nodes.length; k++) {
      if (k != j) {
        product *= (x - nodes[k]) / (nodes[j] - nodes[k]);
      }
    }
    return product;
  }
}
