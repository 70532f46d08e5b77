package dev.latente.kernel;

import dev.latente.kernel.TileProduct.Job;
import dev.latente.kernel.TileProduct.Series;
import dev.latente.kernel.WeightPanel.Taps;
import java.util.stream.IntStream;

/// Rows of numbers split into [Halves], as [TileProduct] reads them: `[depth / 32, 2, rows, 32]` in
/// bf16, high halves before low ones; or `[depth / 32, 2, rows, 16]` in f32. A block is some of
/// their columns.
///
/// @param address of the first
/// @param rows how many
/// @param depth numbers of a row, a multiple of 32
record HalvedRows(long address, int rows, int depth) {
  // Numbers of a row of a block, at most: so that a block of weights stays near.
  private static final int MOST = 511;

  private static final long ROW = (long) Halves.CHUNK * Short.BYTES;

  /// Bytes that `rows` of `depth` need. Behind the last row is room for what a product reads.
  static long bytes(int rows, int depth) {
    return new HalvedRows(0, rows, depth).chunk(depth / Halves.CHUNK)
        + TileShape.HALVES.rows() * ROW;
  }

  /// Bytes from a high half to its low one. Rows are an odd number apart, as what lies a power of
  /// two apart falls on few sets of a cache.
  long low() {
    return (rows | 1) * ROW;
  }

  /// Where chunk `index` of the first row is, behind the address.
  private long chunk(int index) {
    return 2 * index * low();
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

  /// Where the first 32 high halves of a row are; the others follow twice [#low] bytes apart.
  long row(int index) {
    return address + index * ROW;
  }

  /// Splits rows, `first` to `first + count`.
  ///
  /// @param x address of the first
  /// @param stride bytes from one to the next
  void fill(int first, int count, long x, long stride, RowHalves with) {
    if (count > 0) {
      with.split(new RowHalves.Job(x, stride, count, depth, row(first), low()));
    }
  }

  /// The product of the first `count` rows, in all of their columns, with what lies at `b`.
  ///
  /// @param columns of `b` and `y`
  /// @param y address of `[count, columns]`, with room for a multiple of 32 rows
  Job times(TileShape shape, long b, int columns, int count, long y, boolean add) {
    long[] steps = steps(0, depth, Taps.ONE);
    Series across = Series.across(shape, columns, steps.length);
    return new Job(shape, address, low(), steps, b, y, count, columns, across, add);
  }

  /// A series of products of the first `count` rows, in columns `from` to `from + deep`, with what
  /// lies at `b`, of 32 columns each.
  ///
  /// @param y address of `[count, 32]`, with room for a multiple of 32 rows; overwritten if `from`
  ///   is 0, else added to
  Job times(int from, int deep, long b, int count, long y, Series series) {
    TileShape shape = TileShape.HALVES;
    long[] steps = steps(from, deep, Taps.ONE);
    return new Job(shape, address, low(), steps, b, y, count, shape.columns(), series, from > 0);
  }

  /// Multiplies `count` rows from `first` on with a block of weights.
  ///
  /// @param block of the rows, and of the weights in `panel`
  /// @param sums address of `[count, columns]`, overwritten by the first block, added to by others;
  ///   with room for a multiple of 32 rows
  void multiply(
      int block, int first, int count, WeightPanel panel, long sums, TileProduct product) {
    TileShape shape = panel.shape();
    long[] steps = steps(block * block(), deep(block), panel.taps());
    int columns = panel.columns();
    Series across = Series.across(shape, columns, steps.length);
    long b = panel.address();
    product.multiply(
        new Job(shape, row(first), low(), steps, b, sums, count, columns, across, block > 0));
  }

  /// Where each chunk's taps begin, of `deep` numbers of a row from `from` on.
  private long[] steps(int from, int deep, Taps taps) {
    int before = from / Halves.CHUNK;
    return IntStream.range(0, deep / Halves.CHUNK * taps.count())
        .mapToLong(step ->
            chunk(before + step / taps.count()) + taps.behind().get(step % taps.count()) * ROW)
        .toArray();
  }

  void clear(int row) {
    for (int i = 0; i < depth / Halves.CHUNK; i++) {
      Lanes.clear(row(row) + chunk(i), ROW);
      Lanes.clear(row(row) + chunk(i) + low(), ROW);
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
