package dev.latente.kernel;

/// Products of matrices with sums in f32, `y = a · b`, on one thread: of bf16 by a processor's unit
/// for tiles of matrices (Intel's AMX), or of f32 by its vectors.
///
/// What is multiplied lies as the unit reads it, in steps of 32 numbers of a row of `a` and of a
/// column of `b`; in `a` each row's are side by side, 64 bytes, and rows follow each other. Within
/// a step numbers may lie in any order that is the same in `a` and in `b`: [Halves] pair those 16
/// apart.
///
/// [Shorts] lie as bf16 does, with scales where low halves would be.
///
/// Numbers in f32 ([TileNumbers#WHOLE]) take the room of both halves: a line of 64 bytes has 16 of
/// them, the first 16 of a step where high halves would be, the others where low ones would.
public interface TileProduct {
  /// Multiplies.
  void multiply(Job job);

  /// A product.
  ///
  /// @param shape how it is made
  /// @param a address of the first row
  /// @param low bytes from there to its low halves, if the shape has such
  /// @param steps for each step how many bytes behind `a` it lies
  /// @param b address of `[columns / shape.columns(), steps, parts, across, 16, 16, 2]`: for each
  ///   step tiles of the high halves, then of the low ones, of 16 columns each, in which pairs of a
  ///   column's numbers lie side by side
  /// @param y address of `[rows, columns]` in f32, with room for a multiple of `shape.rows()`; what
  ///   is written behind the last row has no meaning
  /// @param rows of `a` and `y`; as many of `a` are read as written to `y`
  /// @param columns of a row of `y`
  /// @param series of products of `shape.columns()` columns
  /// @param add whether to add to what is in `y`
  record Job(
      TileShape shape,
      long a,
      long low,
      long[] steps,
      long b,
      long y,
      int rows,
      int columns,
      Series series,
      boolean add) {}

  /// Products alike, one after another.
  ///
  /// @param count how many
  /// @param a bytes from the rows of one to those of the next
  /// @param b bytes from the columns of one to those of the next
  /// @param y bytes from the sums of one to those of the next
  record Series(int count, long a, long b, long y) {
    /// A product with `columns` columns, a multiple of `shape.columns()`, side by side in `b` and
    /// in `y`.
    ///
    /// @param steps of a column
    public static Series across(TileShape shape, int columns, int steps) {
      long b = (long) steps * shape.stepBytes();
      return new Series(columns / shape.columns(), 0, b, (long) shape.columns() * Float.BYTES);
    }
  }
}
