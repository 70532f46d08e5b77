package dev.latente.kernel;

import java.lang.ref.Reference;

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

  private static final ThreadLocal<Workspace> SCRATCH = ThreadLocal.withInitial(Workspace::new);
  private static final ThreadLocal<TurnedWeights> ROOMS =
      ThreadLocal.withInitial(TurnedWeights::new);

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
  void fill(WeightMatrix weight, int channel, int column, int first, MachineCode code) {
    Workspace workspace = SCRATCH.get();
    long scratch = workspace.atLeast(WinogradCode.SCRATCH);
    TurnedWeights room = ROOMS.get();
    for (int step = 0; step < steps; step++) {
      int index = (first + step) * TAPS;
      long from =
          weight.strips()
              ? weight.address(channel, index)
              : room.of(weight, channel, index, TAPS, code.turn());
      long to = of(0, column) + (long) step * SHAPE.stepBytes();
      code.winograd()
          .transform(
              new WinogradWeights.Job(
                  weight.format(), from, to, SHAPE.lowHalf(), apart(), scratch));
    }
    Reference.reachabilityFence(workspace);
    Reference.reachabilityFence(room);
  }
}
