package dev.latente.kernel;

/// A product of matrices in bf16 with sums in f32, `y = a · b`, by a processor's unit for tiles of
/// matrices (Intel's AMX), on one thread.
public interface TileProduct {
  /// Multiplies.
  ///
  /// @param rows of `a` and `y`
  /// @param columns of `b` and `y`, which lie one row after another
  /// @param depth columns of `a` and rows of `b`; even
  /// @param stride numbers from one row of `a` to the next
  /// @param a address of `[rows, depth]`
  /// @param b address of `[depth / 2, columns, 2]`
  /// @param y address of `[rows, columns]` in f32
  /// @param add whether to add to what is in `y`
  void multiply(int rows, int columns, int depth, int stride, long a, long b, long y, boolean add);

  /// Lets the unit go, after the last product of a piece of work on this thread.
  void release();
}
