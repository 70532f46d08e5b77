package dev.latente.kernel;

import java.util.function.IntUnaryOperator;

/// Some numbers of 16 rows of weights as 16 columns, whatever they are stored as. Not thread-safe.
final class TurnedWeights {
  /// Columns.
  static final int WIDE = WeightTurn.ROWS;

  private static final long TABLE = WIDE * (long) Long.BYTES;

  private final Workspace turned = new Workspace();
  private final Workspace decoded = new Workspace();

  /// The address of the numbers `from` to `from + count` of each row, `[count, 16]`, in the format
  /// of the weights, until the next call. It holds while this can be reached.
  ///
  /// @param weights of which the numbers are, not in strips
  /// @param row which row each column is
  /// @param count a multiple of 32
  long of(WeightMatrix weights, IntUnaryOperator row, int from, int count, WeightTurn with) {
    long rows = turned.atLeast(TABLE + (long) count * WIDE * Float.BYTES);
    long to = rows + TABLE;
    long bytes = (long) count * Float.BYTES;
    long codes = weights.coded().isPresent() ? decoded.atLeast(WIDE * bytes) : 0;
    for (int i = 0; i < WIDE; i++) {
      long at = rows + i * (long) Long.BYTES;
      if (weights.coded().isPresent()) {
        long first = (long) row.applyAsInt(i) * weights.length() + from;
        weights.coded().get().read(first, count, codes + i * bytes);
        Lanes.put(at, codes + i * bytes);
      } else {
        Lanes.put(at, weights.address(row.applyAsInt(i), from));
      }
    }
    with.turn(new WeightTurn.Job(weights.format(), rows, count, to));
    return to;
  }

  /// Writes the numbers `from` to `from + count` of the 16 rows from `first` on to an address.
  void lay(WeightMatrix weights, int first, int from, int count, long to, WeightTurn with) {
    long rows = turned.atLeast(TABLE);
    for (int i = 0; i < WIDE; i++) {
      Lanes.put(rows + i * (long) Long.BYTES, weights.address(first + i, from));
    }
    with.turn(new WeightTurn.Job(weights.format(), rows, count, to));
  }
}
