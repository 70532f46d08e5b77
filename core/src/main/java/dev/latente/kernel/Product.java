package dev.latente.kernel;

/// A product of matrices in native memory, row by row: `y = x · weightᵀ`, in f32, on one thread.
@FunctionalInterface
public interface Product {
  /// Multiplies.
  ///
  /// @param rows of `x` and `y`
  /// @param in columns of `x` and of `weight`
  /// @param out columns of `y` and rows of `weight`
  /// @param x address of `[rows, in]`
  /// @param weight address of `[out, in]`
  /// @param y address of `[rows, out]`, overwritten
  /// @param stride numbers from one row of `y` to the next
  void multiply(int rows, int in, int out, long x, long weight, long y, int stride);
}
