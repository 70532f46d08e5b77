package dev.latente.kernel;

import dev.latente.kernel.WeightMatrix.Format;

/// Rows of numbers as columns, made with vectors of a processor.
public interface WeightTurn {
  /// Rows that are turned together.
  int ROWS = 16;

  /// Writes 16 rows as columns.
  void turn(Job job);

  /// 16 rows of numbers, as they are stored.
  ///
  /// @param format of the numbers
  /// @param x address of the first row's first number
  /// @param stride bytes from one row to the next
  /// @param count numbers of each, a multiple of 32, or 16 in f32
  /// @param to address of `[count, 16]`, overwritten
  record Job(Format format, long x, long stride, int count, long to) {}
}
