package dev.latente.sampling;

import java.util.Arrays;

/// The timesteps at which [Pndm] asks the network, and those where the steps after end.
///
/// @param calls timesteps, decreasing, some twice
/// @param ends as many
record PndmCalls(double[] calls, double[] ends) {
  private static final int RUNGE_KUTTA_CALLS = 12;

  /// For a run through `timesteps`, `stride` apart.
  static PndmCalls of(Pndm.Start start, double[] timesteps, int stride) {
    return switch (start) {
      case HEUN -> {
        double[] calls = repeatSecond(timesteps);
        yield new PndmCalls(calls, LevelRequest.map(calls, t -> t - stride));
      }
      case RUNGE_KUTTA -> rungeKutta(timesteps, stride);
    };
  }

  /// `t0 t1 t1 t2 …`
  static double[] repeatSecond(double[] values) {
    if (values.length == 1) {
      return values;
    }
    double[] repeated = new double[values.length + 1];
    Arrays.setAll(repeated, i -> values[i < 2 ? i : i - 1]);
    return repeated;
  }

  /// The calls of three Runge-Kutta steps, then the remaining timesteps.
  private static PndmCalls rungeKutta(double[] timesteps, int stride) {
    int steps = timesteps.length;
    if (steps < 4) {
      throw new IllegalArgumentException(
          "PNDM with Runge-Kutta steps needs at least 4 steps: " + steps);
    }
    int half = stride / 2;
    double[] calls = new double[RUNGE_KUTTA_CALLS + steps - 3];
    for (int step = 0; step < 3; step++) {
      double next = timesteps[step + 1];
      calls[4 * step] = timesteps[step];
      calls[4 * step + 1] = next + half;
      calls[4 * step + 2] = next + half;
      calls[4 * step + 3] = next;
    }
    System.arraycopy(timesteps, 3, calls, RUNGE_KUTTA_CALLS, steps - 3);
    double[] ends = LevelRequest.map(calls, t -> t - stride);
    for (int i = 0; i < RUNGE_KUTTA_CALLS; i++) {
      ends[i] = i % 2 == 0 ? calls[i] - half : calls[i];
    }
    return new PndmCalls(calls, ends);
  }
}
