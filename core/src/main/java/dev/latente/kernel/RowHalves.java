package dev.latente.kernel;

/// [Halves] of rows of numbers, made with vectors of a processor.
public interface RowHalves {
  /// Splits some rows.
  void split(Job job);

  /// Rows of numbers.
  ///
  /// @param x address of the first
  /// @param stride bytes from one to the next
  /// @param rows how many
  /// @param depth numbers of each, a multiple of 32
  /// @param to address of the first row's first 32 high halves; those of the next row lie behind
  ///   them, the next 32 twice `low` bytes apart
  /// @param low bytes from there to the low halves
  record Job(long x, long stride, int rows, int depth, long to, long low) {}
}
