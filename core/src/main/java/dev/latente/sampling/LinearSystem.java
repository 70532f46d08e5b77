package dev.latente.sampling;

/// Small systems of linear equations.
final class LinearSystem {
  private LinearSystem() {}

  /// The `x` with `rows · x = right`, by Gauss' elimination with pivots. Overwrites its arguments.
  static double[] solve(double[][] rows, double[] right) {
    int size = right.length;
    for (int column = 0; column < size; column++) {
      int pivot = column;
      for (int row = column + 1; row < size; row++) {
        if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) {
          pivot = row;
        }
      }
      double[] swappedRow = rows[pivot];
      rows[pivot] = rows[column];
      rows[column] = swappedRow;
      double swapped = right[pivot];
      right[pivot] = right[column];
      right[column] = swapped;
      for (int row = column + 1; row < size; row++) {
        double factor = rows[row][column] / rows[column][column];
        for (int k = column; k < size; k++) {
          rows[row][k] -= factor * rows[column][k];
        }
        right[row] -= factor * right[column];
      }
    }
    for (int row = size - 1; row >= 0; row--) {
      for (int k = row + 1; k < size; k++) {
        right[row] -= rows[row][k] * right[k];
      }
      right[row] /= rows[row][row];
    }
    return right;
  }
}
