package dev.latente.kernel;

/// Rows of numbers split into [Halves], in blocks of their columns: `[blocks, 2, rows, block]` in
/// bf16.
///
/// @param address of the first
/// @param rows how many
/// @param depth numbers of a row
record HalvedRows(long address, int rows, int depth) {
  // Numbers of a row of a block, at most: so that a block of weights stays near.
  private static final int MOST = 512;

  /// Bytes that `rows` of `depth` need.
  static long bytes(long rows, int depth) {
    return (long) count(depth) * block(depth) * rows * 2 * Short.BYTES;
  }

  /// Numbers of a row of a block.
  int block() {
    return block(depth);
  }

  int blocks() {
    return count(depth);
  }

  /// Numbers of a row of block `index` that are there.
  int deep(int index) {
    return Math.min(block(), depth - index * block());
  }

  /// Where `row` of the high halves of block `index` is.
  long high(int index, int row) {
    return address + ((long) 2 * index * rows + row) * block() * Short.BYTES;
  }

  long low(int index, int row) {
    return high(index, row) + (long) rows * block() * Short.BYTES;
  }

  /// Splits a row.
  void fill(int row, long x) {
    for (int i = 0; i < blocks(); i++) {
      long from = x + (long) i * block() * Float.BYTES;
      Halves.row(from, deep(i), high(i, row), low(i, row));
    }
  }

  /// Multiplies `count` rows from `first` on with a block of weights: three products of halves for
  /// each tap.
  ///
  /// @param block of the rows, and of the weights in `panel`
  /// @param shifts how far from a result's row the row is that each tap meets
  /// @param sums address of `[count, columns]`, overwritten by the first block, added to by others
  void multiply(
      int block,
      int first,
      int count,
      int[] shifts,
      WeightPanel panel,
      long sums,
      TileProduct product) {
    int columns = panel.columns();
    int deep = panel.deep();
    int stride = block();
    for (int tap = 0; tap < shifts.length; tap++) {
      long high = high(block, first + shifts[tap]);
      long low = low(block, first + shifts[tap]);
      long weight = panel.high(tap);
      boolean more = block + tap > 0;
      product.multiply(count, columns, deep, stride, high, weight, sums, more);
      product.multiply(count, columns, deep, stride, high, panel.low(tap), sums, true);
      product.multiply(count, columns, deep, stride, low, weight, sums, true);
    }
  }

  void clear(int row) {
    for (int i = 0; i < blocks(); i++) {
      Lanes.clear(high(i, row), (long) block() * Short.BYTES);
      Lanes.clear(low(i, row), (long) block() * Short.BYTES);
    }
  }

  private static int count(int depth) {
    return Math.ceilDiv(depth, block(depth));
  }

  /// Equal blocks if a few of them divide the depth.
  private static int block(int depth) {
    int least = Math.ceilDiv(depth, MOST);
    for (int count = least; count <= 2 * least; count++) {
      if (depth % (count * Halves.CHUNK) == 0) {
        return depth / count;
      }
    }
    return Math.ceilDiv(Math.ceilDiv(depth, least), Halves.CHUNK) * Halves.CHUNK;
  }
}
