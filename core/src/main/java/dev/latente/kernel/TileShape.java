package dev.latente.kernel;

/// How a [TileProduct] makes its sums: a few tiles of 16×16 at once, which stay in registers while
/// all that is added to them passes by. Of the eight registers some hold what is multiplied.
public enum TileShape {
  /// Sums of [Halves], 32×32 at once: of eight tiles that are read twelve products are made.
  HALVES(2, 2, 2, 0),

  /// The same for 48 columns, or a multiple of that.
  LINE(1, 3, 2, 0),

  /// Sums of bf16 as it is.
  PLAIN(2, 2, 1, 0),

  /// Sums of [Shorts]. Behind each tile of `b` is room for 16 scales: those of a block are where
  /// its first step is.
  SHORTS(2, 2, 1, 64);

  /// Rows and columns of a tile of sums.
  public static final int SIDE = 16;

  /// Numbers of a row, or of a column, that a step multiplies.
  public static final int DEEP = 32;

  /// Bytes of a tile.
  public static final int BYTES = SIDE * DEEP * Short.BYTES;

  private final int down;
  private final int across;
  private final int parts;
  private final int behind;

  /// @param behind bytes behind a tile
  TileShape(int down, int across, int parts, int behind) {
    this.down = down;
    this.across = across;
    this.parts = parts;
    this.behind = behind;
  }

  /// That of halves for some columns, a multiple of 32 or 48.
  static TileShape ofHalves(int columns) {
    return columns % HALVES.columns() == 0 ? HALVES : LINE;
  }

  /// Tiles of rows at once.
  int down() {
    return down;
  }

  /// Tiles of columns at once.
  int across() {
    return across;
  }

  /// Whether numbers are halves, of which three products are added up.
  boolean halves() {
    return parts == 2;
  }

  /// Rows at once.
  int rows() {
    return down * SIDE;
  }

  /// Columns at once.
  int columns() {
    return across * SIDE;
  }

  /// Bytes of `b` that a step reads.
  int stepBytes() {
    return across * (parts * BYTES + behind);
  }

  /// The least multiple of [#rows] that is no less than `rows`.
  public int padded(int rows) {
    return Math.ceilDiv(rows, rows()) * rows();
  }

  /// Bytes of `b` of `columns` columns.
  public long bytes(int columns, int steps) {
    return (long) columns / columns() * steps * stepBytes();
  }

  /// How far behind `b`'s begin a tile of 16 columns is; its low halves, if any, are [#lowHalf]
  /// bytes behind it.
  ///
  /// @param column the first of the 16
  /// @param step of `steps`
  public long tile(int column, int step, int steps) {
    int tile = column / SIDE;
    return ((long) tile / across * steps + step) * stepBytes() + tile(tile % across);
  }

  /// How far behind a step's begin tile `index` is, of [#across].
  long tile(int index) {
    return (long) index * (BYTES + behind);
  }

  /// Bytes from a tile of `b` to its low halves, or to its scales.
  public long lowHalf() {
    return behind > 0 ? BYTES : (long) across * BYTES;
  }
}
