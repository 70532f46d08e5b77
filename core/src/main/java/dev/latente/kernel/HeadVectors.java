package dev.latente.kernel;

/// Queries, keys and results of [TiledAttention] as [HeadLayout] has them, and of [LaneAttention],
/// made with vectors of a processor.
public interface HeadVectors {
  /// Writes parts of 16 keys, high, low, high, in bf16.
  void keys(Keys job);

  /// Writes parts of queries, high, high, low, in bf16, or the queries as they are.
  void queries(Queries job);

  /// Writes what queries found.
  void results(Results job);

  /// 16 keys, each a column.
  ///
  /// @param x address of `[features, 16]`
  /// @param features of a head
  /// @param depth three times that, or more: a multiple of 32
  /// @param to address of the first tile: 32 parts, `[16, 16, 2]`
  /// @param apart bytes from a tile to the next
  /// @param scratch address of `[depth, 16]` in f32
  record Keys(long x, int features, int depth, long to, long apart, long scratch) {}

  /// Queries, each a row.
  ///
  /// @param x address of the first
  /// @param stride bytes from one to the next
  /// @param rows how many
  /// @param features of a head, at least 16
  /// @param depth three times that, or more: a multiple of 32; or of 16 and no less than that
  /// @param scale what is multiplied by first
  /// @param to address of the first one's first line of 64 bytes; those of the next lie behind it
  /// @param apart bytes from a line to the next
  /// @param scratch address of `[depth]` in f32, of which those behind the parts are zeros
  record Queries(
      long x,
      long stride,
      int rows,
      int features,
      int depth,
      float scale,
      long to,
      long apart,
      long scratch) {}

  /// Sums of weighed values.
  ///
  /// @param sums address of `[rows, wide]`
  /// @param wide numbers of a row
  /// @param totals address of `[rows]`: what each row is divided by
  /// @param rows how many
  /// @param features numbers of a row that are wanted, at least 16
  /// @param to address of the first result
  /// @param stride bytes from one to the next
  record Results(long sums, int wide, long totals, int rows, int features, long to, long stride) {}
}
