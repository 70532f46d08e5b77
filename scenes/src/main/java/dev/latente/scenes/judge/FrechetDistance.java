package dev.latente.scenes.judge;

import java.util.List;

/// How far apart two sets of pictures are, by their features: [Heusel et al.
/// (2017)](https://arxiv.org/abs/1706.08500), equation 6, with the judge's features in the place of
/// Inception's.
///
/// `|m1 - m2|² + tr(C1 + C2 - 2·√(C1·C2))`, with means `m` and covariances `C`.
public final class FrechetDistance {
  private FrechetDistance() {}

  /// The distance between two sets of vectors, at least two of each, all of one length.
  public static double between(List<float[]> first, List<float[]> second) {
    double[] mean1 = mean(first);
    double[] mean2 = mean(second);
    double[][] covariance1 = covariance(first, mean1);
    double[][] covariance2 = covariance(second, mean2);
    double means = 0;
    double traces = 0;
    for (int i = 0; i < mean1.length; i++) {
      means += (mean1[i] - mean2[i]) * (mean1[i] - mean2[i]);
      traces += covariance1[i][i] + covariance2[i][i];
    }
    // √(C1·C2) has the trace of √(√C1·C2·√C1), which is symmetric.
    double[][] root = SymmetricMatrix.squareRoot(covariance1);
    double[][] product = SymmetricMatrix.product(SymmetricMatrix.product(root, covariance2), root);
    double shared = 0;
    for (double value : SymmetricMatrix.eigen(product).values()) {
      shared += Math.sqrt(Math.max(0, value));
    }
    return Math.max(0, means + traces - 2 * shared);
  }

  private static double[] mean(List<float[]> vectors) {
    if (vectors.size() < 2) {
      throw new IllegalArgumentException("need at least two vectors: " + vectors.size());
    }
    double[] mean = new double[vectors.getFirst().length];
    for (float[] vector : vectors) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += vector[i] / vectors.size();
      }
    }
    return mean;
  }

  private static double[][] covariance(List<float[]> vectors, double... mean) {
    int n = mean.length;
    double[][] sums = new double[n][n];
    for (float[] vector : vectors) {
      for (int i = 0; i < n; i++) {
        double difference = vector[i] - mean[i];
        for (int j = 0; j < n; j++) {
          sums[i][j] += difference * (vector[j] - mean[j]) / (vectors.size() - 1);
        }
      }
    }
    return sums;
  }
}
