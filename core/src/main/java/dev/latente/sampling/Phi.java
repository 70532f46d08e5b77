package dev.latente.sampling;

/// Integrals of `exp(-(h - s))` times powers of `s`, over a step of length `h`, divided by powers
/// of `h`: what polynomials in λ become in exponential integrators. [Lu et al.
/// (2022)](https://arxiv.org/abs/2206.00927), appendix B.
final class Phi {
  private static final double SMALL = 1e-3; // below, the closed forms cancel

  private Phi() {}

  /// Of `s`: `(exp(-h) - 1) / h + 1`.
  static double two(double h) {
    return h < SMALL ? h / 2 - h * h / 6 : Math.expm1(-h) / h + 1;
  }

  /// Of `s²/2`, with its sign: `two(h) / h - 1/2`.
  static double three(double h) {
    return h < SMALL ? -h / 6 + h * h / 24 : two(h) / h - 0.5;
  }
}
