package dev.latente.kernel;

import dev.latente.kernel.WeightTurn.Job;

/// Some numbers of 16 rows of weights as 16 columns, whatever they are stored as. Not thread-safe.
final class TurnedWeights {
  /// Columns.
  static final int WIDE = WeightTurn.ROWS;

  private final Workspace turned = new Workspace();
  private final Workspace decoded = new Workspace();

  /// The address of the numbers `from` to `from + count` of each row, `[count, 16]`, in the format
  /// of the weights, until the next call. It holds while this can be reached.
  ///
  /// @param weights of which the numbers are, not in strips
  /// @param first of the 16 rows
  /// @param count a multiple of 32
  long of(WeightMatrix weights, int first, int from, int count, WeightTurn with) {
    long bytes = (long) count * Float.BYTES;
    long to = turned.atLeast(WIDE * bytes);
    if (weights.coded().isPresent()) {
      long codes = decoded.atLeast(WIDE * bytes);
      for (int i = 0; i < WIDE; i++) {
        long number = (long) (first + i) * weights.length() + from;
        weights.coded().get().read(number, count, codes + i * bytes);
      }
      with.turn(new Job(weights.format(), codes, bytes, count, to));
    } else {
      lay(weights, first, from, count, to, with);
    }
    return to;
  }

  /// Writes the numbers `from` to `from + count` of the 16 rows from `first` on to an address.
  ///
  /// @param weights that are stored as numbers
  static void lay(WeightMatrix weights, int first, int from, int count, long to, WeightTurn with) {
    long stride = (long) weights.length() * weights.format().bytes();
    with.turn(new Job(weights.format(), weights.address(first, from), stride, count, to));
  }
}
