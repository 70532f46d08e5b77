package dev.latente.scenes.judge;

/// What the Fréchet distance needs of symmetric matrices.
final class SymmetricMatrix {
  private static final int SWEEPS = 60;
  private static final double CONVERGED = 1e-24;

  private SymmetricMatrix() {}

  /// Eigenvalues, and eigenvectors as columns in the same order.
  record Eigen(double[] values, double[][] vectors) {}

  /// Jacobi's cyclic method: Golub & Van Loan, Matrix Computations, section 8.5.
  static Eigen eigen(double[][] matrix) {
    int n = matrix.length;
    double[][] a = new double[n][];
    double[][] v = new double[n][n];
    for (int i = 0; i < n; i++) {
      a[i] = matrix[i].clone();
      v[i][i] = 1;
    }
    for (int sweep = 0; sweep < SWEEPS && !diagonal(a); sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          if (a[p][q] != 0) {
            rotate(a, v, p, q);
          }
        }
      }
    }
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = a[i][i];
    }
    return new Eigen(values, v);
  }

  private static boolean diagonal(double[][] a) {
    double on = 0;
    double off = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        double square = a[i][j] * a[i][j];
        if (i == j) {
          on += square;
        } else {
          off += square;
        }
      }
    }
    return off <= CONVERGED * on;
  }

  // The rotation in the plane of p and q that makes a[p][q] zero.
  private static void rotate(double[][] a, double[][] v, int p, int q) {
    double tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = Math.copySign(1, tau) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
    double c = 1 / Math.sqrt(1 + t * t);
    double s = t * c;
    for (int i = 0; i < a.length; i++) {
      turn(a[i], p, q, c, s);
      turn(v[i], p, q, c, s);
    }
    for (int i = 0; i < a.length; i++) {
      double x = a[p][i];
      double y = a[q][i];
      a[p][i] = c * x - s * y;
      a[q][i] = s * x + c * y;
    }
  }

  private static void turn(double[] row, int p, int q, double c, double s) {
    double x = row[p];
    double y = row[q];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }

  /// The symmetric root of a matrix without negative eigenvalues; small ones count as zero.
  static double[][] squareRoot(double[][] matrix) {
    Eigen eigen = eigen(matrix);
    int n = matrix.length;
    double[][] root = new double[n][n];
    for (int k = 0; k < n; k++) {
      double length = Math.sqrt(Math.max(0, eigen.values()[k]));
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          root[i][j] += length * eigen.vectors()[i][k] * eigen.vectors()[j][k];
        }
      }
    }
    return root;
  }

  static double[][] product(double[][] a, double[][] b) {
    int n = a.length;
    double[][] product = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        for (int j = 0; j < n; j++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }
}
