package dev.latente.kernel;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// Where some numbers of some rows of weights are laid out for [TileProduct], as [Halves]: of each
/// tap first the high ones `[deep / 2, columns, 2]`, then the low ones.
///
/// @param address of the first
/// @param columns rows of the weights, a multiple of 16
/// @param deep numbers of each for a tap, a multiple of [Halves#CHUNK]
/// @param taps whose numbers lie side by side in the weights
record WeightPanel(long address, int columns, int deep, int taps) {
  // Numbers of a row that are laid out at once, at most.
  private static final int NEAR = 320;

  // Bytes behind each half: taps a power of two apart would fall on one cache set.
  private static final int APART = 64;

  private static final ThreadLocal<WeightColumns> ROOMS =
      ThreadLocal.withInitial(() -> new WeightColumns(NEAR));

  /// Bytes of one.
  static long bytes(int columns, int deep, int taps) {
    return half(columns, deep) * 2 * taps;
  }

  private static long half(int columns, int deep) {
    return (long) columns * deep * Short.BYTES + APART;
  }

  long high(int tap) {
    return address + 2 * tap * half(columns, deep);
  }

  long low(int tap) {
    return high(tap) + half(columns, deep);
  }

  /// Lays weights out.
  ///
  /// @param row which row of the weights each column is
  /// @param first number of the first tap of a row
  void fill(WeightMatrix weights, IntUnaryOperator row, int first) {
    WeightColumns room = ROOMS.get();
    int part = Math.min(deep, Math.max(1, NEAR / taps / Halves.CHUNK) * Halves.CHUNK);
    int[] which = new int[WeightColumns.WIDE];
    for (int column = 0; column < columns; column += WeightColumns.WIDE) {
      int left = column;
      Arrays.setAll(which, lane -> row.applyAsInt(left + lane));
      for (int from = 0; from < deep; from += part) {
        int count = Math.min(part, deep - from);
        Halves.columns(
            room.of(weights, which, (first + from) * taps, count * taps),
            taps,
            count,
            address + ((long) from / 2 * columns + column) * Integer.BYTES,
            columns,
            half(columns, deep));
      }
    }
  }
}
