package dev.latente.kernel;

import dev.latente.kernel.RowOutputs.Add;
import dev.latente.kernel.RowOutputs.Gate;
import dev.latente.kernel.WeightPanel.Taps;
import java.lang.ref.Reference;

/// Maps of rows, `y = x · weightᵀ + bias`, as [Affine] does them, by [TiledSums].
public final class TiledAffine {
  /// The numbers of inputs and of outputs must be multiples of this.
  public static final int MULTIPLE = Halves.CHUNK;

  // Numbers of `x` that are split at once.
  private static final int ROOM = 8 << 20;

  // Rows of a piece, for which its weights are laid out once; rows at once; and columns at most.
  private static final int ROWS = 4096;
  private static final int NEAR = 256;
  private static final int COLUMNS = 160;

  // Rows that are split at once.
  private static final int SPLIT = 64;

  private TiledAffine() {}

  /// Whether rows of `depth` numbers can be multiplied as [TileNumbers#SHORTS].
  public static boolean suitsShorts(int depth) {
    return Shorts.suits(depth);
  }

  /// Maps.
  ///
  /// @param size with numbers of inputs and outputs that are multiples of [#MULTIPLE]
  /// @param x address of `[rows, in]`
  /// @param weight `[out, in]`
  /// @param more what is added, of one picture
  /// @param y address of `[rows, out]`, overwritten
  /// @param code how to multiply, and to lay weights out
  /// @param threads how many may be used
  public static void map(
      Affine.Size size,
      long x,
      WeightMatrix weight,
      Addends more,
      long y,
      MachineCode code,
      int threads) {
    Output output =
        (sums, row, rows, column, columns) -> {
          long first = (long) row * size.out() + column;
          long to = y + first * Float.BYTES;
          long stride = (long) size.out() * Float.BYTES;
          long bias = more.bias(0, column);
          code.outputs().add(new Add(sums, rows, columns, bias, more.other(first), to, stride));
        };
    pieces(size, 1, x, weight, code, new Parallel(threads), output);
  }

  /// Maps to values and their gates and multiplies those by the gelu of these, as [Affine#gated].
  ///
  /// @param size with numbers of inputs and outputs that are multiples of [#MULTIPLE]
  /// @param x address of `[rows, in]`
  /// @param weight `[2 · out, in]`: of the values, then of the gates
  /// @param bias address of `[2 · out]`
  /// @param y address of `[rows, out]`, overwritten
  /// @param code how to multiply, and to lay weights out
  /// @param threads how many may be used
  public static void gated(
      Affine.Size size,
      long x,
      WeightMatrix weight,
      long bias,
      long y,
      MachineCode code,
      int threads) {
    long apart = (long) size.out() * Float.BYTES;
    Output output =
        (sums, row, rows, column, columns) -> {
          long to = y + ((long) row * size.out() + column) * Float.BYTES;
          long values = bias + (long) column * Float.BYTES;
          code.outputs().gate(new Gate(sums, rows, columns, values, apart, to, apart));
        };
    pieces(size, 2, x, weight, code, new Parallel(threads), output);
  }

  /// What makes numbers of `rows` and `columns`, from `row` and `column` on, of their sums.
  interface Output {
    void of(long sums, int row, int rows, int column, int columns);
  }

  /// @param parts of the weights, each of as many rows as there are outputs: a column's sums of all
  ///   parts are made together
  private static void pieces(
      Affine.Size size,
      int parts,
      long x,
      WeightMatrix weight,
      MachineCode code,
      Parallel parallel,
      Output output) {
    TiledRows many = new TiledRows(size, parts, weight, code);
    if (many.suits()) {
      many.run(x, parallel, output);
      return;
    }
    Workspace workspace = Workspace.ofCaller();
    int wide = columns(size.out(), parts, COLUMNS);
    int most = Math.max(1, ROOM / size.in() / ROWS) * ROWS;
    int across = Math.ceilDiv(size.out(), wide);
    try {
      for (int from = 0; from < size.rows(); from += most) {
        int first = from;
        int count = Math.min(most, size.rows() - from);
        HalvedRows split = split(size, x, first, count, code.rows(), workspace, parallel);
        TiledSums sums = new TiledSums(split, Taps.ONE, weight, code);
        parallel.run(
            Math.ceilDiv(count, ROWS) * across,
            index -> {
              int within = index / across * ROWS;
              int rows = Math.min(ROWS, count - within);
              int column = index % across * wide;
              int columns = Math.min(wide, size.out() - column);
              sums.with(
                  within,
                  rows,
                  near(rows),
                  parts * columns,
                  i -> i / columns * size.out() + column + i % columns,
                  (at, behind, few) ->
                      output.of(at, first + within + behind, few, column, columns));
            });
      }
    } finally {
      Reference.reachabilityFence(workspace);
    }
  }

  private static HalvedRows split(
      Affine.Size size,
      long x,
      int first,
      int count,
      RowHalves with,
      Workspace workspace,
      Parallel parallel) {
    HalvedRows rows =
        new HalvedRows(workspace.atLeast(HalvedRows.bytes(count, size.in())), count, size.in());
    long stride = (long) size.in() * Float.BYTES;
    parallel.run(
        Math.ceilDiv(count, SPLIT),
        part -> {
          int from = part * SPLIT;
          int some = Math.min(SPLIT, count - from);
          rows.fill(from, some, x + (first + from) * stride, stride, with);
        });
    return rows;
  }

  /// Rows at once: parts of equal size.
  private static int near(int rows) {
    return TileShape.HALVES.padded(Math.ceilDiv(rows, Math.ceilDiv(rows, NEAR)));
  }

  /// The most columns of a part that divide `out`, of which those of all parts are a multiple of 32
  /// and at most `most`; or as many as that.
  static int columns(int out, int parts, int most) {
    int step = TileShape.HALVES.columns() / parts;
    for (int wide = most / parts; wide >= most / parts / 2; wide -= step) {
      if (out % wide == 0) {
        return wide;
      }
    }
    return Math.min(out, most / parts / Halves.CHUNK * Halves.CHUNK);
  }
}
