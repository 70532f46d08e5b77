package dev.latente.kernel;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Numbers in f32 as sums of two in bf16, each of 8 digits in base 2: `x ≈ high + low` within 2^-17
/// of `x`, and exactly for what was f16.
///
/// In each run of [#CHUNK] numbers those 16 apart lie side by side, here as in [#columns], so that
/// no number has to cross lanes.
final class Halves {
  /// Numbers that are laid out together.
  static final int CHUNK = 32;

  static final int LANES = 16;

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int HALF_UNIT = 0x8000;
  private static final int HIGH = 0xffff0000;
  private static final int SHIFT = 16;
  private static final int BYTES = CHUNK * Short.BYTES;

  private Halves() {}

  /// Splits a row.
  ///
  /// @param x address of `count` numbers
  /// @param count a multiple of [#CHUNK]
  /// @param high address of as many in bf16
  /// @param low address of as many in bf16
  static void row(long x, int count, long high, long low) {
    for (int i = 0; i < count / CHUNK; i++) {
      long from = x + (long) i * CHUNK * Float.BYTES;
      write(
          FloatVector.fromMemorySegment(FLOATS, Lanes.MEMORY, from, ORDER),
          FloatVector.fromMemorySegment(
              FLOATS, Lanes.MEMORY, from + (long) LANES * Float.BYTES, ORDER),
          high + (long) i * BYTES,
          low + (long) i * BYTES);
    }
  }

  /// Splits 16 columns of one of their taps.
  ///
  /// @param x `[depth, taps, 16]`
  /// @param tap which
  /// @param depth numbers `k` of a column and tap, a multiple of [#CHUNK]
  /// @param to address, at the first column, of `[depth / 2, width, 2]`: high halves
  /// @param width columns in all
  /// @param apart bytes from there to the low halves
  static void columns(float[] x, int tap, int taps, int depth, long to, int width, long apart) {
    long line = (long) width * Integer.BYTES;
    for (int k = 0; k < depth; k += CHUNK) {
      columns(x, (k * taps + tap) * LANES, taps * LANES, to + k / 2 * line, line, apart);
    }
  }

  private static void columns(float[] x, int first, int stride, long to, long line, long apart) {
    for (int j = 0; j < LANES; j++) {
      write(
          FloatVector.fromArray(FLOATS, x, first + j * stride),
          FloatVector.fromArray(FLOATS, x, first + (j + LANES) * stride),
          to + j * line,
          to + j * line + apart);
    }
  }

  /// Splits [#CHUNK] numbers of 16 columns.
  ///
  /// @param x address of `[32, 16]`
  /// @param to address, at the first column, of `[16, width, 2]`: high halves
  /// @param width columns in all
  /// @param apart bytes from there to the low halves
  static void columns(long x, long to, int width, long apart) {
    long bytes = (long) LANES * Float.BYTES;
    for (int j = 0; j < LANES; j++) {
      long from = x + j * bytes;
      long at = to + (long) j * width * Integer.BYTES;
      write(
          FloatVector.fromMemorySegment(FLOATS, Lanes.MEMORY, from, ORDER),
          FloatVector.fromMemorySegment(FLOATS, Lanes.MEMORY, from + LANES * bytes, ORDER),
          at,
          at + apart);
    }
  }

  /// Writes what 16 columns have in bf16, or would if it were rounded, as [#columns] does.
  ///
  /// @param x `[depth, 16]`
  /// @param depth a multiple of [#CHUNK]
  /// @param to address, at the first column, of `[depth / 2, width, 2]`
  static void columns(float[] x, int depth, long to, int width) {
    long line = (long) width * Integer.BYTES;
    for (int k = 0; k < depth; k += CHUNK) {
      for (int j = 0; j < LANES; j++) {
        FloatVector a = FloatVector.fromArray(FLOATS, x, (k + j) * LANES);
        FloatVector b = FloatVector.fromArray(FLOATS, x, (k + j + LANES) * LANES);
        pairs(rounded(a), rounded(b))
            .intoMemorySegment(Lanes.MEMORY, to + (k / 2 + j) * line, ORDER);
      }
    }
  }

  /// Splits [#CHUNK] rows of `x`, those 16 apart side by side.
  ///
  /// @param x `[32, width]`
  /// @param high address of `[16, width, 2]`
  /// @param low the same
  static void rows(float[] x, int width, long high, long low) {
    for (int i = 0; i < LANES * width; i += LANES) {
      write(
          FloatVector.fromArray(FLOATS, x, i),
          FloatVector.fromArray(FLOATS, x, i + LANES * width),
          high + (long) i * Integer.BYTES,
          low + (long) i * Integer.BYTES);
    }
  }

  /// Writes a row in bf16, rounded.
  ///
  /// @param count a multiple of [#CHUNK]
  static void high(float[] x, int count, long to) {
    for (int i = 0; i < count; i += CHUNK) {
      FloatVector a = FloatVector.fromArray(FLOATS, x, i);
      FloatVector b = FloatVector.fromArray(FLOATS, x, i + LANES);
      long at = to + (long) i * Short.BYTES;
      pairs(rounded(a), rounded(b)).intoMemorySegment(Lanes.MEMORY, at, ORDER);
    }
  }

  /// Splits 32 numbers.
  static void write(FloatVector a, FloatVector b, long high, long low) {
    IntVector ah = a.reinterpretAsInts().add(HALF_UNIT).and(HIGH);
    IntVector bh = b.reinterpretAsInts().add(HALF_UNIT).and(HIGH);
    IntVector al = a.sub(ah.reinterpretAsFloats()).reinterpretAsInts().add(HALF_UNIT);
    IntVector bl = b.sub(bh.reinterpretAsFloats()).reinterpretAsInts().add(HALF_UNIT).and(HIGH);
    ah.lanewise(VectorOperators.LSHR, SHIFT).or(bh).intoMemorySegment(Lanes.MEMORY, high, ORDER);
    al.lanewise(VectorOperators.LSHR, SHIFT).or(bl).intoMemorySegment(Lanes.MEMORY, low, ORDER);
  }

  private static IntVector rounded(FloatVector x) {
    return x.reinterpretAsInts().add(HALF_UNIT).and(HIGH);
  }

  private static IntVector pairs(IntVector a, IntVector b) {
    return a.lanewise(VectorOperators.LSHR, SHIFT).or(b);
  }
}
