package dev.latente.kernel;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The inner loops of [Norm] by Java's vectors. Each is a method of its own, since the compiler
/// stops to keep vectors in registers where a method grows.
final class NormLoops implements NormSteps {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final float LOG2_E = 1.442695F;

  // What is less comes to less than 1e-36, and to numbers that take a hundred times as long.
  static final float MOST = 126F;

  @Override
  public void sums(long x, int quads, long row, long sums) {
    for (int i = 0; i < quads; i++) {
      long from = x + i * ROWS * row;
      for (long at = 0; at < row; at += Lanes.BYTES) {
        FloatVector shift =
            FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, x + at, ORDER);
        FloatVector a =
            FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, from + at, ORDER).sub(shift);
        FloatVector b =
            FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, from + row + at, ORDER)
                .sub(shift);
        FloatVector c =
            FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, from + 2 * row + at, ORDER)
                .sub(shift);
        FloatVector d =
            FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, from + 3 * row + at, ORDER)
                .sub(shift);
        FloatVector sum = a.add(b).add(c.add(d));
        FloatVector squares = a.fma(a, b.mul(b)).add(c.fma(c, d.mul(d)));
        FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, sums + at, ORDER)
            .add(sum)
            .intoMemorySegment(Lanes.MEMORY, sums + at, ORDER);
        FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, sums + row + at, ORDER)
            .add(squares)
            .intoMemorySegment(Lanes.MEMORY, sums + row + at, ORDER);
      }
    }
  }

  @Override
  public void scale(long x, int pixels, long lines, long row, boolean silu, long y) {
    int vectors = Math.toIntExact(pixels * (row / Lanes.BYTES));
    if (silu) {
      silu(x, vectors, lines, row, y);
    } else {
      lines(x, vectors, lines, row, y);
    }
  }

  /// As [#sums], pixel by pixel, of the pixels `first` to `count`.
  static void last(long x, int first, int count, long row, long sums) {
    for (int i = first; i < count; i++) {
      for (long at = 0; at < row; at += Lanes.BYTES) {
        FloatVector a =
            FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, x + i * row + at, ORDER)
                .sub(FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, x + at, ORDER));
        FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, sums + at, ORDER)
            .add(a)
            .intoMemorySegment(Lanes.MEMORY, sums + at, ORDER);
        a.fma(a, FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, sums + row + at, ORDER))
            .intoMemorySegment(Lanes.MEMORY, sums + row + at, ORDER);
      }
    }
  }

  /// Writes the SiLU of each number times its channel's factor, plus what is added there.
  ///
  /// @param lines address of `[2, C]`: factors, then what is added
  private static void silu(long x, int vectors, long lines, long row, long y) {
    long at = 0;
    for (int i = 0; i < vectors; i++) {
      long offset = (long) i * Lanes.BYTES;
      FloatVector h =
          FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, x + offset, ORDER)
              .fma(
                  FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, lines + at, ORDER),
                  FloatVector.fromMemorySegment(
                      Lanes.SPECIES, Lanes.MEMORY, lines + row + at, ORDER));
      FloatVector power = h.mul(-LOG2_E);
      power = power.blend(MOST, power.compare(VectorOperators.GT, MOST)); // faster than min
      h.div(Exponential.exp2(power).add(1F)).intoMemorySegment(Lanes.MEMORY, y + offset, ORDER);
      at += Lanes.BYTES;
      at = at == row ? 0 : at;
    }
  }

  /// Writes each number times its channel's factor, plus what is added there.
  ///
  /// @param lines address of `[2, C]`: factors, then what is added
  private static void lines(long x, int vectors, long lines, long row, long y) {
    long at = 0;
    for (int i = 0; i < vectors; i++) {
      long offset = (long) i * Lanes.BYTES;
      FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, x + offset, ORDER)
          .fma(
              FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, lines + at, ORDER),
              FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, lines + row + at, ORDER))
          .intoMemorySegment(Lanes.MEMORY, y + offset, ORDER);
      at += Lanes.BYTES;
      at = at == row ? 0 : at;
    }
  }
}
