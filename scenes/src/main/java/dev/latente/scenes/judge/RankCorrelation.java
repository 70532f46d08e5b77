package dev.latente.scenes.judge;

import java.util.Comparator;
import java.util.stream.IntStream;

/// Spearman's rank correlation: whether two measurements of the same places agree which is more.
final class RankCorrelation {
  private RankCorrelation() {}

  /// The correlation of the ranks of `a` and `b`, -1 (opposite orders) to 1 (the same order); equal
  /// values share the mean of their ranks. 0 if one has no order at all.
  static double of(float[] a, float[] b) {
    if (a.length != b.length || a.length < 2) {
      throw new IllegalArgumentException(
          "need as many values twice, at least 2: %d and %d".formatted(a.length, b.length));
    }
    double[] x = ranks(a);
    double[] y = ranks(b);
    double middle = (a.length - 1) / 2.0;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < a.length; i++) {
      xy += (x[i] - middle) * (y[i] - middle);
      xx += (x[i] - middle) * (x[i] - middle);
      yy += (y[i] - middle) * (y[i] - middle);
    }
    return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy);
  }

  private static double[] ranks(float[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    int from = 0;
    while (from < order.length) {
      int to = from;
      while (to + 1 < order.length && values[order[to + 1]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i <= to; i++) {
        ranks[order[i]] = (from + to) / 2.0;
      }
      from = to + 1;
    }
    return ranks;
  }
}
