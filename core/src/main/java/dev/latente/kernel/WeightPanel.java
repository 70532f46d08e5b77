package dev.latente.kernel;

import dev.latente.kernel.WeightMatrix.Format;
import java.lang.ref.Reference;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Where some numbers of some rows of weights are laid out for [TileProduct], as [Halves]: all taps
/// of 32 numbers are as many steps.
///
/// @param shape of the products
/// @param address of the first
/// @param columns rows of the weights, a multiple of 32
/// @param deep numbers of each for a tap, a multiple of [Halves#CHUNK]
/// @param taps whose numbers lie side by side in the weights
record WeightPanel(TileShape shape, long address, int columns, int deep, Taps taps) {
  // Numbers of a row that are laid out at once, at most.
  private static final int NEAR = 320;

  private static final ThreadLocal<TurnedWeights> ROOMS =
      ThreadLocal.withInitial(TurnedWeights::new);

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
  static long bytes(TileShape shape, int columns, int deep, Taps taps) {
    return shape.bytes(columns, steps(deep, taps));
  }

  private static int steps(int deep, Taps taps) {
    return deep / Halves.CHUNK * taps.count();
  }

  /// Lays weights out.
  ///
  /// @param row which row of the weights a column is; those of 16 columns lie side by side
  /// @param first number of the first tap of a row
  void fill(WeightMatrix weights, IntUnaryOperator row, int first, MachineCode code) {
    int all = taps.count();
    int part = Math.min(deep, Math.max(1, NEAR / all / Halves.CHUNK) * Halves.CHUNK);
    TurnedWeights room = ROOMS.get();
    for (int column = 0; column < columns; column += TurnedWeights.WIDE) {
      int left = column;
      if (weights.strips()) {
        split(
            weights.format(),
            weights.address(row.applyAsInt(left), first * all),
            left,
            0,
            deep,
            code);
      } else {
        for (int from = 0; from < deep; from += part) {
          int count = Math.min(part, deep - from);
          long x =
              room.of(
                  weights, row.applyAsInt(left), (first + from) * all, count * all, code.turn());
          split(weights.format(), x, left, from, count, code);
        }
      }
    }
    Reference.reachabilityFence(room);
  }

  /// Splits the numbers `from` to `from + count` of 16 columns.
  private void split(Format format, long x, int column, int from, int count, MachineCode code) {
    long tile = address + shape.tile(column, steps(from, taps), steps(deep, taps));
    int chunks = count / Halves.CHUNK;
    code.strips()
        .split(
            new StripHalves.Job(
                format, x, chunks, taps.count(), tile, shape.lowHalf(), shape.stepBytes()));
  }
}
