package dev.latente.kernel;

import dev.latente.kernel.WeightMatrix.Format;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.stream.IntStream;

/// Where transformed weights are laid out for [TileProduct], as [Halves], one of the points of
/// [WinogradTransform] behind the other.
///
/// @param address of the first
/// @param columns channels of the output, a multiple of 32
/// @param steps of 32 channels of the input
record WinogradPanel(long address, int columns, int steps) {
  static final TileShape SHAPE = TileShape.HALVES;

  /// Points are kept apart, so that they do not fall on one cache set.
  static final int GAP = 320;

  private static final int TAPS = Halves.CHUNK * WinogradTransform.TAPS;
  private static final long TAP_BYTES = (long) TAPS * Halves.LANES * Float.BYTES;

  private static final ThreadLocal<Workspace> SCRATCH = ThreadLocal.withInitial(Workspace::new);
  private static final ThreadLocal<WeightColumns> COLUMNS =
      ThreadLocal.withInitial(() -> new WeightColumns(TAPS));

  /// Bytes from a point's weights to the next one's.
  long apart() {
    return SHAPE.bytes(columns, steps) + GAP;
  }

  long bytes() {
    return WinogradTransform.POINTS * apart();
  }

  /// Where the weights of a point for 16 channels of the output, or for more from there on, are.
  long of(int point, int column) {
    return address + point * apart() + SHAPE.tile(column, 0, steps);
  }

  /// Transforms weights of 16 channels of the output.
  ///
  /// @param weight `[out, in · 9]`
  /// @param channel the first of the 16
  /// @param column where it goes
  /// @param first step that is wanted
  void fill(WeightMatrix weight, int channel, int column, int first, WinogradWeights with) {
    Workspace workspace = SCRATCH.get();
    long taps = workspace.atLeast(TAP_BYTES + WinogradCode.SCRATCH);
    int[] which = IntStream.range(channel, channel + Halves.LANES).toArray();
    WeightColumns room = COLUMNS.get();
    for (int step = 0; step < steps; step++) {
      int index = (first + step) * TAPS;
      Format format = weight.strips() ? weight.format() : Format.F32;
      long from = taps;
      if (weight.strips()) {
        from = weight.address(channel, index);
      } else {
        float[] x = room.of(weight, which, index, TAPS);
        MemorySegment.copy(x, 0, Lanes.MEMORY, ValueLayout.JAVA_FLOAT, taps, TAPS * Halves.LANES);
      }
      long to = of(0, column) + (long) step * SHAPE.stepBytes();
      with.transform(
          new WinogradWeights.Job(format, from, to, SHAPE.lowHalf(), apart(), taps + TAP_BYTES));
    }
    Reference.reachabilityFence(workspace);
  }
}
