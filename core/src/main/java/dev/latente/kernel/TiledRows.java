package dev.latente.kernel;

import dev.latente.kernel.WeightPanel.Taps;
import java.lang.ref.Reference;

/// Products of many rows with weights that are laid out once: some rows at a time are split and
/// multiplied with all of the weights, so that these [Halves] never leave the caches beside a core.
///
/// Results are those of [TiledSums] to the bit.
///
/// @param size of the map
/// @param parts of the weights, each of as many rows as there are outputs: a column's sums of all
///   parts are made together
/// @param weights `[parts · out, in]`
/// @param code how to multiply, and to lay weights out
record TiledRows(Affine.Size size, int parts, WeightMatrix weights, MachineCode code) {
  // Fewer rows do not repay weights that go through memory, nor do so large ones.
  private static final int LEAST_ROWS = 1024;
  private static final long MOST_BYTES = 16L << 20;

  // Columns at once, at most; bytes of halves at once, about; and rows at once.
  private static final int COLUMNS = 320;
  private static final int NEAR = 1 << 20;
  private static final int LEAST_NEAR = 128;
  private static final int MOST_NEAR = 256;

  private static final int LINES = TileShape.HALVES.rows();

  private static final ThreadLocal<Workspace> ROOMS = ThreadLocal.withInitial(Workspace::new);

  /// Whether there are enough rows, and weights few enough.
  boolean suits() {
    return size.rows() >= LEAST_ROWS && panelBytes() * across() * blocks() <= MOST_BYTES;
  }

  /// Columns of a part at once.
  private int wide() {
    return TiledAffine.columns(size.out(), parts, COLUMNS);
  }

  private int across() {
    return Math.ceilDiv(size.out(), wide());
  }

  private int blocks() {
    return shape().blocks();
  }

  /// How rows are cut into blocks.
  private HalvedRows shape() {
    return new HalvedRows(0, 1, size.in());
  }

  private long panelBytes() {
    return WeightPanel.bytes(code.form().shape(), parts * wide(), shape().block(), Taps.ONE);
  }

  /// Rows at once.
  private int near() {
    int row = size.in() * 2 * Short.BYTES;
    int most = Math.clamp(NEAR / row / LINES * LINES, LEAST_NEAR, MOST_NEAR);
    int pieces = Math.ceilDiv(size.rows(), most);
    return TileShape.HALVES.padded(Math.ceilDiv(size.rows(), pieces));
  }

  /// Multiplies.
  ///
  /// @param x address of `[rows, in]`
  void run(long x, Parallel parallel, TiledAffine.Output output) {
    Workspace workspace = Workspace.ofCaller();
    long panels = workspace.atLeast(panelBytes() * across() * blocks());
    int near = near();
    try {
      parallel.run(across() * blocks(), index -> fill(index, panels));
      parallel.run(
          Math.ceilDiv(size.rows(), near),
          index -> {
            int first = index * near;
            multiply(x, first, Math.min(near, size.rows() - first), panels, output);
          });
    } finally {
      Reference.reachabilityFence(workspace);
    }
  }

  /// The weights of block `index % blocks` for group `index / blocks` of columns.
  private WeightPanel panel(int index, long panels) {
    int columns = Math.min(wide(), size.out() - index / blocks() * wide());
    int deep = shape().deep(index % blocks());
    return new WeightPanel(
        code.form().shape(), panels + index * panelBytes(), parts * columns, deep, Taps.ONE);
  }

  private void fill(int index, long panels) {
    WeightPanel panel = panel(index, panels);
    int column = index / blocks() * wide();
    int columns = panel.columns() / parts;
    panel.fill(
        weights,
        i -> i / columns * size.out() + column + i % columns,
        index % blocks() * shape().block(),
        code);
  }

  private void multiply(long x, int first, int count, long panels, TiledAffine.Output output) {
    long halves = HalvedRows.bytes(count, size.in());
    Workspace room = ROOMS.get();
    long padded = TileShape.HALVES.padded(count);
    long address = room.atLeast(halves + padded * parts * wide() * Float.BYTES);
    long sums = address + halves;
    HalvedRows rows = new HalvedRows(address, count, size.in());
    long stride = (long) size.in() * Float.BYTES;
    rows.fill(0, count, x + first * stride, stride, code.rows());
    for (int group = 0; group < across(); group++) {
      int columns = 0;
      for (int block = 0; block < blocks(); block++) {
        WeightPanel panel = panel(group * blocks() + block, panels);
        columns = panel.columns() / parts;
        rows.multiply(block, 0, count, panel, sums, code.product());
      }
      output.of(sums, first, count, group * wide(), columns);
    }
    Reference.reachabilityFence(room);
  }
}
