package dev.latente.sampling;

/// What a multistep solver does at the end of a run, where its polynomials are least safe.
///
/// A step that ends at 0 is always of first order.
public enum LastStep {
  /// Nothing special.
  FULL_ORDER {
    @Override
    int order(int order, Sigmas sigmas, int i) {
      return order;
    }
  },
  /// The orders fall to 1 in runs of fewer than 15 steps, as in diffusers' `lower_order_final`.
  LOWER_ORDER_IN_SHORT_RUNS {
    @Override
    int order(int order, Sigmas sigmas, int i) {
      return sigmas.wholeRun() < SHORT ? Math.min(order, sigmas.left(i)) : order;
    }
  },
  /// The orders fall to 1.
  LOWER_ORDER {
    @Override
    int order(int order, Sigmas sigmas, int i) {
      return Math.min(order, sigmas.left(i));
    }
  },
  /// The last step is of first order, as in diffusers' `euler_at_final`, and short runs are treated
  /// as in `lower_order_final`.
  EULER {
    @Override
    int order(int order, Sigmas sigmas, int i) {
      return sigmas.left(i) == 1 ? 1 : LOWER_ORDER_IN_SHORT_RUNS.order(order, sigmas, i);
    }
  };

  private static final int SHORT = 15;

  /// The order of step `i`, at most `order`.
  abstract int order(int order, Sigmas sigmas, int i);

  /// The order of step `i` for a solver that has seen `known` estimates.
  int order(int order, Sigmas sigmas, int i, int known) {
    double next = sigmas.sigma(i + 1);
    if (next == 0 || next == sigmas.sigma(i)) {
      return 1;
    }
    return Math.min(known, order(order, sigmas, i));
  }
}
