package dev.latente.kernel;

import static dev.latente.kernel.Lanes.load;
import static dev.latente.kernel.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The inner loops of [Norm]. Each is a method of its own, since the compiler stops to keep vectors
/// in registers where a method grows.
final class NormLoops {
  /// Pixels whose numbers are added at once.
  static final int ROWS = 4;

  private static final float LOG2_E = 1.442695F;

  // What is less comes to less than 1e-36, and to numbers that take a hundred times as long.
  private static final float MOST = 126F;

  private NormLoops() {}

  /// Adds numbers, less those of the first pixel, and their squares.
  ///
  /// @param x address of `[4 · quads, C]`
  /// @param row bytes of a pixel
  /// @param sums address of `[2, C]`: of numbers, then of squares
  static void sums(long x, int quads, long row, long sums) {
    for (int i = 0; i < quads; i++) {
      long from = x + i * ROWS * row;
      for (long at = 0; at < row; at += Lanes.BYTES) {
        FloatVector shift = load(x + at);
        FloatVector a = load(from + at).sub(shift);
        FloatVector b = load(from + row + at).sub(shift);
        FloatVector c = load(from + 2 * row + at).sub(shift);
        FloatVector d = load(from + 3 * row + at).sub(shift);
        FloatVector sum = a.add(b).add(c.add(d));
        FloatVector squares = a.fma(a, b.mul(b)).add(c.fma(c, d.mul(d)));
        store(sums + at, load(sums + at).add(sum));
        store(sums + row + at, load(sums + row + at).add(squares));
      }
    }
  }

  /// As [#sums], pixel by pixel, of the pixels `first` to `count`.
  static void last(long x, int first, int count, long row, long sums) {
    for (int i = first; i < count; i++) {
      for (long at = 0; at < row; at += Lanes.BYTES) {
        FloatVector a = load(x + i * row + at).sub(load(x + at));
        store(sums + at, load(sums + at).add(a));
        store(sums + row + at, a.fma(a, load(sums + row + at)));
      }
    }
  }

  /// Writes the SiLU of each number times its channel's factor, plus what is added there.
  ///
  /// @param lines address of `[2, C]`: factors, then what is added
  static void silu(long x, int vectors, long lines, long row, long y) {
    long at = 0;
    for (int i = 0; i < vectors; i++) {
      long offset = (long) i * Lanes.BYTES;
      FloatVector h = load(x + offset).fma(load(lines + at), load(lines + row + at));
      FloatVector power = h.mul(-LOG2_E);
      power = power.blend(MOST, power.compare(VectorOperators.GT, MOST)); // faster than min
      store(y + offset, h.div(Exponential.exp2(power).add(1F)));
      at += Lanes.BYTES;
      at = at == row ? 0 : at;
    }
  }
}
