package dev.latente.kernel;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// Where some numbers of some rows of weights are laid out for [TileProduct], as [Halves]: of each
/// line of taps first the high ones `[across, deep / 2, columns, 2]`, then the low ones.
///
/// @param address of the first
/// @param columns rows of the weights, a multiple of 16
/// @param deep numbers of each for a tap, a multiple of [Halves#CHUNK]
/// @param taps whose numbers lie side by side in the weights
record WeightPanel(long address, int columns, int deep, Taps taps) {
  // Numbers of a row that are laid out at once, at most.
  private static final int NEAR = 320;

  // Bytes behind each half: lines a power of two apart would fall on one cache set.
  private static final int APART = 64;

  private static final ThreadLocal<WeightColumns> ROOMS =
      ThreadLocal.withInitial(() -> new WeightColumns(NEAR));

  /// The weights of a number: those of a line meet rows that follow each other, so that one product
  /// does them all.
  ///
  /// @param lines of taps
  /// @param across taps of a line
  record Taps(int lines, int across) {
    static final Taps ONE = new Taps(1, 1);

    int count() {
      return lines * across;
    }
  }

  /// Bytes of one.
  static long bytes(int columns, int deep, Taps taps) {
    return half(columns, deep, taps) * 2 * taps.lines();
  }

  private static long half(int columns, int deep, Taps taps) {
    return (long) taps.across() * columns * deep * Short.BYTES + APART;
  }

  private long half() {
    return half(columns, deep, taps);
  }

  long high(int line) {
    return address + 2 * line * half();
  }

  long low(int line) {
    return high(line) + half();
  }

  /// Where the high halves of a tap are.
  private long tap(int index) {
    long before = (long) index % taps.across() * columns * deep;
    return high(index / taps.across()) + before * Short.BYTES;
  }

  /// Lays weights out.
  ///
  /// @param row which row of the weights each column is
  /// @param first number of the first tap of a row
  void fill(WeightMatrix weights, IntUnaryOperator row, int first) {
    WeightColumns room = ROOMS.get();
    int all = taps.count();
    int part = Math.min(deep, Math.max(1, NEAR / all / Halves.CHUNK) * Halves.CHUNK);
    int[] which = new int[WeightColumns.WIDE];
    for (int column = 0; column < columns; column += WeightColumns.WIDE) {
      int left = column;
      Arrays.setAll(which, lane -> row.applyAsInt(left + lane));
      for (int from = 0; from < deep; from += part) {
        int count = Math.min(part, deep - from);
        float[] near = room.of(weights, which, (first + from) * all, count * all);
        long behind = ((long) from / 2 * columns + column) * Integer.BYTES;
        for (int tap = 0; tap < all; tap++) {
          Halves.columns(near, tap, all, count, tap(tap) + behind, columns, half());
        }
      }
    }
  }
}
