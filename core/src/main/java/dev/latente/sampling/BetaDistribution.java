package dev.latente.sampling;

/// The beta distribution's quantiles.
final class BetaDistribution {
  private BetaDistribution() {}

  /// The `x` below which a share `p` of the distribution lies that is symmetric about 1/2 with both
  /// parameters `shape`.
  ///
  /// With `x = sin²(θ)` the density of θ is `2 sin(θ)^(2a-1) cos(θ)^(2a-1)`: bounded for shapes of
  /// 1/2 and more, so plain quadrature is exact enough.
  static double quantile(double p, double shape) {
    if (p <= 0 || p >= 1) {
      return p <= 0 ? 0 : 1;
    }
    if (p > 0.5) {
      return 1 - quantile(1 - p, shape);
    }
    double whole = 2 * mass(Math.PI / 4, shape);
    double low = 0;
    double high = Math.PI / 4;
    for (int i = 0; i < 60; i++) { // halves π/4 to the precision of a double
      double middle = (low + high) / 2;
      if (mass(middle, shape) < p * whole) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double sine = Math.sin(low);
    return sine * sine;
  }

  /// The integral of `(sin θ cos θ)^(2a-1)` from 0 to `end`, with `θ = end · u^k` where k makes the
  /// beginning smooth.
  private static double mass(double end, double shape) {
    double power = 2 * shape - 1;
    double k = 1 / (power + 1) * 2; // θ^power dθ becomes u du
    return Quadrature.integral(
        u -> {
          double theta = end * Math.pow(u, k);
          return Math.pow(Math.sin(theta) * Math.cos(theta), power) * end * k * Math.pow(u, k - 1);
        },
        0,
        1);
  }
}
