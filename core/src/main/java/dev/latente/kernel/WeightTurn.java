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
  /// @param rows address of 16 addresses: of each row's first number
  /// @param count numbers of each, a multiple of 32, or 16 in f32
  /// @param to address of `[count, 16]`, overwritten
  record Job(Format format, long rows, int count, long to) {}
}
