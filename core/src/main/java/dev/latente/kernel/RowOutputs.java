package dev.latente.kernel;

/// What becomes of the sums of a product, made with vectors of a processor.
public interface RowOutputs {
  /// Writes sums plus what is added.
  void add(Add job);

  /// Writes values times the gelu of their gates.
  void gate(Gate job);

  /// Sums `[rows, columns]`.
  ///
  /// @param x address of the first
  /// @param rows how many
  /// @param columns of them, a multiple of 16
  /// @param bias address of `[columns]`, added to each row
  /// @param other address of the first row of another matrix that is added, 0 if there is none
  /// @param y address of the first row of results
  /// @param stride bytes from a row of the last two to the next
  record Add(long x, int rows, int columns, long bias, long other, long y, long stride) {}

  /// Sums `[rows, 2, columns]`: of values, then of their gates.
  ///
  /// @param x address of the first
  /// @param rows how many
  /// @param columns of them, a multiple of 16
  /// @param bias address of `[columns]`, added to values
  /// @param apart bytes from there to what is added to gates
  /// @param y address of the first row of results
  /// @param stride bytes from one to the next
  record Gate(long x, int rows, int columns, long bias, long apart, long y, long stride) {}
}
