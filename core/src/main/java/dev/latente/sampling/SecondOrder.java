package dev.latente.sampling;

/// How a second-order step of a DPM-Solver weights the slope of the clean estimates.
public enum SecondOrder {
  /// As at the middle of the step.
  MIDPOINT,
  /// As integrated exactly over the step.
  HEUN;

  /// The factor of the slope in λ, for a step that keeps `exp(-h)` of its start.
  double slope(double h) {
    return switch (this) {
      case MIDPOINT -> -Math.expm1(-h) / 2;
      case HEUN -> Phi.two(h);
    };
  }
}
