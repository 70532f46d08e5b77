package dev.latente.kernel;

import dev.latente.kernel.WeightPanel.Taps;
import java.util.function.IntUnaryOperator;

/// Products of rows with columns of weights in f32, made of three of their [Halves]: `high · low +
/// high · high + low · high`, all sums in f32; or of the numbers themselves, or of [Shorts], as
/// [TileNumbers] says.
///
/// Of halves, what is left out is 2^-18 of the numbers, so that the error is that of numbers
/// rounded to 17 digits in base 2: some 5e-6 where the result has a variance of 1. Results do not
/// depend on how rows and columns are cut.
///
/// @param rows what is multiplied
/// @param taps of the weights
/// @param weights `[…, depth · taps]`, the taps of a number side by side
/// @param code how to multiply, and to lay weights out
record TiledSums(HalvedRows rows, Taps taps, WeightMatrix weights, MachineCode code) {
  private static final ThreadLocal<Room> ROOMS = ThreadLocal.withInitial(Room::new);

  /// What a thread uses again and again. It is reachable by the thread while it is used.
  private static final class Room {
    final Workspace panel = new Workspace();
    final Workspace sums = new Workspace();
  }

  /// What is done with the sums of `count` rows, `from` behind the first one, `[count, columns]` in
  /// f32 at an address that holds until then.
  @FunctionalInterface
  interface Use {
    void of(long sums, int from, int count);
  }

  /// Multiplies rows `first` to `first + count` with some columns, a multiple of 32.
  ///
  /// @param each rows at once, a multiple of 32: with their sums and a block of weights they should
  ///   fit in the caches beside a core
  /// @param weightRow the row of the weights that is a column; those of 16 lie side by side
  void with(int first, int count, int each, int columns, IntUnaryOperator weightRow, Use use) {
    Room room = ROOMS.get();
    TileShape shape = code.form().shape();
    boolean whole = rows.blocks() == 1; // the sums of some rows are then ready at once
    long panels = room.panel.atLeast(WeightPanel.bytes(shape, columns, rows.block(), taps));
    long sums =
        room.sums.atLeast((long) shape.padded(whole ? each : count) * columns * Float.BYTES);
    for (int block = 0; block < rows.blocks(); block++) {
      WeightPanel panel = new WeightPanel(shape, panels, columns, rows.deep(block), taps);
      panel.fill(weights, weightRow, block * rows.block(), code);
      for (int from = 0; from < count; from += each) {
        int few = Math.min(each, count - from);
        long at = whole ? sums : sums + (long) from * columns * Float.BYTES;
        rows.multiply(block, first + from, few, panel, at, code.product());
        if (whole) {
          use.of(at, from, few);
        }
      }
    }
    if (!whole) {
      use.of(sums, 0, count);
    }
  }
}
