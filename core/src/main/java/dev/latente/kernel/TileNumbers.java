package dev.latente.kernel;

/// How 32 numbers in f32 become two lines of 64 bytes, as a [TileProduct] reads them.
public enum TileNumbers {
  /// [Halves] in bf16: the high ones, then the low ones. Three of their four products are added up.
  HALVES(TileShape.DEEP, TileShape.HALVES.rows()),

  /// As they are: the first 16, then the others.
  WHOLE(Halves.LANES, FusedCode.ROWS);

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

  /// Rows that are multiplied at once.
  int rows() {
    return rows;
  }
}
