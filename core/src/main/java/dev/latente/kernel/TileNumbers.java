package dev.latente.kernel;

/// How 32 numbers in f32 become lines of 64 bytes, as a [TileProduct] reads them.
public enum TileNumbers {
  /// [Halves] in bf16: the high ones, then the low ones. Three of their four products are added up.
  HALVES(TileShape.DEEP, TileShape.HALVES.rows()),

  /// As they are: the first 16, then the others.
  WHOLE(Halves.LANES, FusedCode.ROWS),

  /// [Shorts]: one line, and scales beside it.
  SHORTS(TileShape.DEEP, Shorts.ROWS);

  private final int line;
  private final int rows;

  TileNumbers(int line, int rows) {
    this.line = line;
    this.rows = rows;
  }

  /// Numbers of such a line.
  int line() {
    return line;
  }

  /// The shape of products of 32 columns.
  TileShape shape() {
    return this == SHORTS ? TileShape.SHORTS : TileShape.HALVES;
  }

  /// Rows that are multiplied at once.
  int rows() {
    return rows;
  }
}
