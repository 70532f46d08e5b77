package dev.latente.kernel;

import static dev.latente.kernel.Lanes.load;
import static dev.latente.kernel.Lanes.store;

import java.lang.ref.Reference;
import java.util.function.IntConsumer;

/// Maps of rows, `y = x · weightᵀ + bias`, cut into pieces that several threads can do and that
/// stay in the cache, so that what follows the product costs no walk through memory.
///
/// The pieces do not depend on the number of threads, nor do the results.
public final class Affine {
  /// The number of outputs must be a multiple of this.
  public static final int LANES = Lanes.COUNT;

  // Rows and most columns of a piece.
  private static final int ROWS = 512;
  private static final int COLUMNS = 512;

  // Where there are fewer pieces than this they are made narrower, so that threads share them
  // evenly. Columns are a multiple of the width of OpenBLAS's inner products.
  private static final int ENOUGH = 4;
  private static final int MULTIPLE = 64;

  // Numbers of the weights that are widened at once.
  private static final int ROOM = 16 << 20;

  private static final ThreadLocal<Workspace> GATES = ThreadLocal.withInitial(Workspace::new);

  private Affine() {}

  /// What is mapped.
  ///
  /// @param rows of `x` and `y`
  /// @param in columns of `x`
  /// @param out columns of `y`
  public record Size(int rows, int in, int out) {
    // The columns whose weights are taken at once.
    private int columns() {
      int fitting = Math.max(COLUMNS, ROOM / in);
      return Math.min(out, share(out, Math.ceilDiv(out, fitting)));
    }
  }

  /// Maps.
  ///
  /// @param size with an output that is a multiple of [#LANES]
  /// @param x address of `[rows, in]`
  /// @param weight `[out, in]`
  /// @param bias address of `[out]`
  /// @param y address of `[rows, out]`, overwritten
  /// @param product how to multiply
  /// @param threads how many may be used
  public static void map(
      Size size, long x, Rows weight, long bias, long y, Product product, int threads) {
    Parallel parallel = new Parallel(threads);
    for (int from = 0; from < size.out(); from += size.columns()) {
      int count = Math.min(size.columns(), size.out() - from);
      Part part = Part.of(size, from, count, weight.at(from, count), product);
      part.run(parallel, index -> part.map(index, x, bias, y));
    }
  }

  /// Maps to values and their gates and multiplies those by the gelu of these: GEGLU, [Shazeer
  /// (2020)](https://arxiv.org/abs/2002.05202).
  ///
  /// Its absolute error is at most 3e-7 times the value, beyond the products' own.
  ///
  /// @param size with an output that is a multiple of [#LANES]
  /// @param x address of `[rows, in]`
  /// @param weight `[2 · out, in]`: of the values, then of the gates
  /// @param bias address of `[2 · out]`
  /// @param y address of `[rows, out]`, overwritten
  /// @param product how to multiply
  /// @param threads how many may be used
  public static void gated(
      Size size, long x, Rows weight, long bias, long y, Product product, int threads) {
    Parallel parallel = new Parallel(threads);
    long gateBias = bias + (long) size.out() * Float.BYTES;
    for (int from = 0; from < size.out(); from += size.columns()) {
      int count = Math.min(size.columns(), size.out() - from);
      Part values = Part.of(size, from, count, weight.at(from, count), product);
      values.run(parallel, index -> values.map(index, x, bias, y));
      Part gates = Part.of(size, from, count, weight.at(size.out() + from, count), product);
      gates.run(parallel, index -> gates.gate(index, x, gateBias, y));
    }
  }

  /// The columns `first` to `first + count`, `wide` of them at once, with the address of their
  /// weights.
  private record Part(Size size, int first, int count, int wide, long weight, Product product) {
    static Part of(Size size, int first, int count, long weight, Product product) {
      int down = Math.ceilDiv(size.rows, ROWS);
      int across = Math.max(Math.ceilDiv(count, COLUMNS), Math.ceilDiv(ENOUGH, down));
      return new Part(size, first, count, share(count, across), weight, product);
    }

    void run(Parallel parallel, IntConsumer piece) {
      parallel.run(Math.ceilDiv(size.rows, ROWS) * across(), piece);
    }

    private int across() {
      return Math.ceilDiv(count, wide);
    }

    private int top(int index) {
      return index / across() * ROWS;
    }

    private int left(int index) {
      return index % across() * wide;
    }

    private int rows(int index) {
      return Math.min(ROWS, size.rows - top(index));
    }

    private int columns(int index) {
      return Math.min(wide, count - left(index));
    }

    private void multiply(int index, long x, long to, int stride) {
      long row = (long) size.in * Float.BYTES;
      product.multiply(
          rows(index),
          size.in,
          columns(index),
          x + top(index) * row,
          weight + left(index) * row,
          to,
          stride);
    }

    private long corner(int index, long y) {
      return y + ((long) top(index) * size.out + first + left(index)) * Float.BYTES;
    }

    void map(int index, long x, long bias, long y) {
      long corner = corner(index, y);
      multiply(index, x, corner, size.out);
      long shift = bias + (long) (first + left(index)) * Float.BYTES;
      for (int i = 0; i < rows(index); i++) {
        add(corner + (long) i * size.out * Float.BYTES, shift, columns(index));
      }
    }

    void gate(int index, long x, long bias, long y) {
      Workspace workspace = GATES.get();
      long gates = workspace.atLeast((long) ROWS * (COLUMNS + MULTIPLE) * Float.BYTES);
      int columns = columns(index);
      try {
        multiply(index, x, gates, columns);
        long shift = bias + (long) (first + left(index)) * Float.BYTES;
        for (int i = 0; i < rows(index); i++) {
          long values = corner(index, y) + (long) i * size.out * Float.BYTES;
          Gelu.gate(values, gates + (long) i * columns * Float.BYTES, shift, columns);
        }
      } finally {
        Reference.reachabilityFence(workspace);
      }
    }
  }

  /// What each of `parts` takes of `columns`.
  private static int share(int columns, int parts) {
    return Math.ceilDiv(Math.ceilDiv(columns, parts), MULTIPLE) * MULTIPLE;
  }

  private static void add(long row, long bias, int count) {
    long bytes = (long) count * Float.BYTES;
    for (long at = 0; at < bytes; at += Lanes.BYTES) {
      store(row + at, load(row + at).add(load(bias + at)));
    }
  }
}
