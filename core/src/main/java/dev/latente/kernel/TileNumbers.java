package dev.latente.kernel;

/// How 32 numbers in f32 become two lines of 64 bytes, as a [TileProduct] reads them.
public enum TileNumbers {
  /// [Halves] in bf16: the high ones, then the low ones. Three of their four products are added up.
  HALVES(3, TileShape.DEEP),

  /// As they are: the first 16, then the others.
  WHOLE(1, Halves.LANES);

  private final int parts;
  private final int line;

  TileNumbers(int parts, int line) {
    this.parts = parts;
    this.line = line;
  }

  /// What a number has to be told as for a product of lines that are not halves.
  int parts() {
    return parts;
  }

  /// Numbers of such a line.
  int line() {
    return line;
  }
}
