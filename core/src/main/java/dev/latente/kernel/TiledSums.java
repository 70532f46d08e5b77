package dev.latente.kernel;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// Products of rows with columns of weights in f32, made of three of their [Halves]: `high · high +
/// high · low + low · high`, all sums in f32.
///
/// What is left out is 2^-18 of the numbers, so that the error is that of numbers rounded to 17
/// digits in base 2: some 5e-6 where the result has a variance of 1. Results do not depend on how
/// rows and columns are cut.
///
/// @param rows what is multiplied
/// @param shifts how far from a result's row the row is that each of the weights' taps meets
/// @param weights `[…, depth · taps]`, the taps of a number side by side
/// @param product how to multiply
record TiledSums(HalvedRows rows, int[] shifts, WeightMatrix weights, TileProduct product) {
  // Numbers of a row of weights at once, and of what they are read into: no power of two, so that
  // rows do not fall on one cache set.
  private static final int NEAR = 320;
  private static final int STRIDE = NEAR + 16;

  private static final int APART = 64; // bytes

  private static final ThreadLocal<Room> ROOMS = ThreadLocal.withInitial(Room::new);

  /// What a thread uses again and again. It is reachable by the thread while it is used.
  private static final class Room {
    final Workspace panel = new Workspace();
    final Workspace sums = new Workspace();
    final float[] near = new float[Halves.LANES * STRIDE];
    final short[] bits = new short[STRIDE];
    final int[] places = IntStream.range(0, Halves.LANES).map(lane -> lane * STRIDE).toArray();

    void atLeast(int rows, int columns, int deep, int taps) {
      panel.atLeast(panelBytes(columns, deep) * 2 * taps);
      sums.atLeast((long) rows * columns * Float.BYTES);
    }
  }

  /// Bytes of halves of a block for a tap, and a few more: taps a power of two apart would fall on
  /// one cache set.
  private static long panelBytes(int columns, int deep) {
    return (long) columns * deep * Short.BYTES + APART;
  }

  /// What is done with the sums of `count` rows, `from` behind the first one, `[count, columns]` in
  /// f32 at an address that holds until then.
  @FunctionalInterface
  interface Use {
    void of(long sums, int from, int count);
  }

  /// Multiplies rows `first` to `first + count` with some columns, a multiple of 16.
  ///
  /// @param each rows at once: with their sums and a block of weights they should fit in the caches
  ///   beside a core
  /// @param weightRow the row of the weights that is each column
  void with(int first, int count, int each, int columns, IntUnaryOperator weightRow, Use use) {
    Room room = ROOMS.get();
    boolean whole = rows.blocks() == 1; // the sums of some rows are then ready at once
    room.atLeast(whole ? each : count, columns, rows.block(), shifts.length);
    long sums = room.sums.atLeast(0);
    for (int block = 0; block < rows.blocks(); block++) {
      fill(room, block, columns, weightRow);
      for (int from = 0; from < count; from += each) {
        int few = Math.min(each, count - from);
        long at = whole ? sums : sums + (long) from * columns * Float.BYTES;
        add(room, block, first + from, few, columns, at);
        if (whole) {
          use.of(at, from, few);
        }
      }
    }
    product.release();
    if (!whole) {
      use.of(sums, 0, count);
    }
  }

  private void add(Room room, int block, int first, int count, int columns, long sums) {
    int deep = rows.deep(block);
    long bytes = panelBytes(columns, deep);
    long weight = room.panel.atLeast(0);
    for (int tap = 0; tap < shifts.length; tap++) {
      int stride = rows.block();
      long high = rows.high(block, first + shifts[tap]);
      long low = rows.low(block, first + shifts[tap]);
      long low2 = weight + bytes;
      product.multiply(count, columns, deep, stride, high, weight, sums, block + tap > 0);
      product.multiply(count, columns, deep, stride, high, low2, sums, true);
      product.multiply(count, columns, deep, stride, low, weight, sums, true);
      weight = low2 + bytes;
    }
  }

  /// Lays the weights of a block out, tap by tap: first their high halves, then the low ones.
  private void fill(Room room, int block, int columns, IntUnaryOperator weightRow) {
    int deep = rows.deep(block);
    int part = Math.min(deep, Math.max(1, NEAR / shifts.length / Halves.CHUNK) * Halves.CHUNK);
    int[] which = new int[Halves.LANES];
    for (int column = 0; column < columns; column += Halves.LANES) {
      int left = column;
      Arrays.setAll(which, lane -> weightRow.applyAsInt(left + lane));
      for (int from = 0; from < deep; from += part) {
        int count = Math.min(part, deep - from);
        int first = (block * rows.block() + from) * shifts.length;
        weights.read(which, first, count * shifts.length, room.bits, room.near, room.places);
        Halves.columns(
            room.near,
            room.places,
            shifts.length,
            count,
            room.panel.atLeast(0) + ((long) from / 2 * columns + column) * Integer.BYTES,
            columns,
            panelBytes(columns, deep));
      }
    }
  }
}
