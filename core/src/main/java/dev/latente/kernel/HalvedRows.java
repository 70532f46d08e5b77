package dev.latente.kernel;

/// Rows of numbers split into [Halves], in blocks of their columns: `[blocks, 2, rows, block]` in
/// bf16, where the last block may be narrower.
///
/// @param address of the first
/// @param rows how many
/// @param depth numbers of a row
record HalvedRows(long address, int rows, int depth) {
  // Numbers of a row of a block, at most: so that a block of weights stays near. It is below 512,
  // as
  // rows a power of two apart would fall on few cache sets.
  private static final int MOST = 511;

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

  /// Where `row` of the high halves of block `index` is; the next one is [#deep] numbers behind.
  long high(int index, int row) {
    long numbers = (long) 2 * index * rows * block() + (long) row * deep(index);
    return address + numbers * Short.BYTES;
  }

  long low(int index, int row) {
    return high(index, row) + (long) rows * deep(index) * Short.BYTES;
  }

  /// Splits a row.
  void fill(int row, long x) {
    for (int i = 0; i < blocks(); i++) {
      long from = x + (long) i * block() * Float.BYTES;
      Halves.row(from, deep(i), high(i, row), low(i, row));
    }
  }

  /// Multiplies `count` rows from `first` on with a block of weights: three products of halves for
  /// each line of taps.
  ///
  /// @param block of the rows, and of the weights in `panel`
  /// @param pitch how many rows on the next line of taps begins
  /// @param sums address of `[count, columns]`, overwritten by the first block, added to by others
  void multiply(
      int block,
      int first,
      int count,
      int pitch,
      WeightPanel panel,
      long sums,
      TileProduct product) {
    int columns = panel.columns();
    int stride = panel.deep();
    int deep = stride * panel.taps().across();
    for (int line = 0; line < panel.taps().lines(); line++) {
      long high = high(block, first + line * pitch);
      long low = low(block, first + line * pitch);
      long weight = panel.high(line);
      boolean more = block + line > 0;
      product.multiply(count, columns, deep, stride, high, weight, sums, more);
      product.multiply(count, columns, deep, stride, high, panel.low(line), sums, true);
      product.multiply(count, columns, deep, stride, low, weight, sums, true);
    }
  }

  void clear(int row) {
    for (int i = 0; i < blocks(); i++) {
      Lanes.clear(high(i, row), (long) deep(i) * Short.BYTES);
      Lanes.clear(low(i, row), (long) deep(i) * Short.BYTES);
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
