package dev.latente.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Where some numbers of some rows of weights are laid out for [TileProduct], as [Halves]: all taps
/// of 32 numbers are as many steps.
///
/// @param address of the first
/// @param columns rows of the weights, a multiple of 32
/// @param deep numbers of each for a tap, a multiple of [Halves#CHUNK]
/// @param taps whose numbers lie side by side in the weights
record WeightPanel(long address, int columns, int deep, Taps taps) {
  // Numbers of a row that are laid out at once, at most.
  private static final int NEAR = 320;

  private static final ThreadLocal<WeightColumns> ROOMS =
      ThreadLocal.withInitial(() -> new WeightColumns(NEAR));

  /// The weights of a number.
  ///
  /// @param behind how many rows behind a result's own one the row that each meets is
  record Taps(List<Integer> behind) {
    static final Taps ONE = new Taps(List.of(0));

    int count() {
      return behind.size();
    }
  }

  /// Bytes of one.
  static long bytes(int columns, int deep, Taps taps) {
    return TileShape.HALVES.bytes(columns, steps(deep, taps));
  }

  private static int steps(int deep, Taps taps) {
    return deep / Halves.CHUNK * taps.count();
  }

  /// Lays weights out.
  ///
  /// @param row which row of the weights each column is
  /// @param first number of the first tap of a row
  /// @param strips how weights in strips are split
  void fill(WeightMatrix weights, IntUnaryOperator row, int first, StripHalves strips) {
    if (weights.strips()) {
      fillStrips(weights, row, first, strips);
      return;
    }
    WeightColumns room = ROOMS.get();
    int all = taps.count();
    int part = Math.min(deep, Math.max(1, NEAR / all / Halves.CHUNK) * Halves.CHUNK);
    int steps = steps(deep, taps);
    int[] which = new int[WeightColumns.WIDE];
    for (int column = 0; column < columns; column += WeightColumns.WIDE) {
      int left = column;
      Arrays.setAll(which, lane -> row.applyAsInt(left + lane));
      for (int from = 0; from < deep; from += part) {
        int count = Math.min(part, deep - from);
        float[] near = room.of(weights, which, (first + from) * all, count * all);
        for (int step = 0; step < steps(count, taps); step++) {
          int chunk = step / all * Halves.CHUNK * all;
          int index = (chunk + step % all) * Halves.LANES;
          long tile = TileShape.HALVES.tile(column, steps(from, taps) + step, steps);
          Halves.columns(near, index, all, address + tile, TileShape.HALVES.lowHalf());
        }
      }
    }
  }

  private void fillStrips(
      WeightMatrix weights, IntUnaryOperator row, int first, StripHalves strips) {
    int all = taps.count();
    int steps = steps(deep, taps);
    for (int column = 0; column < columns; column += WeightColumns.WIDE) {
      strips.split(
          new StripHalves.Job(
              weights.format(),
              weights.address(row.applyAsInt(column), first * all),
              deep / Halves.CHUNK,
              all,
              address + TileShape.HALVES.tile(column, 0, steps),
              TileShape.HALVES.lowHalf(),
              TileShape.HALVES.stepBytes()));
    }
  }
}
