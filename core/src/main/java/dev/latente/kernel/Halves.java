package dev.latente.kernel;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Numbers in f32 as sums of two in bf16, each of 8 digits in base 2: `x ≈ high + low` within 2^-17
/// of `x`, and exactly for what was f16.
///
/// In each run of [#CHUNK] numbers those 16 apart lie side by side, in rows as in columns, so that
/// no number has to cross lanes.
final class Halves {
  /// Numbers that are laid out together.
  static final int CHUNK = TileShape.DEEP;

  static final int LANES = 16;

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  static final int HALF_UNIT = 0x8000;
  static final int HIGH = 0xffff0000;
  private static final int SHIFT = 16;

  private Halves() {}

  /// Splits [#CHUNK] numbers of 16 columns of one of their taps.
  ///
  /// @param x `[32, taps, 16]`
  /// @param first where the tap's first number of the columns is
  /// @param to address of a tile `[16, 16, 2]`: high halves
  /// @param low bytes from there to the low halves
  static void columns(float[] x, int first, int taps, long to, long low) {
    for (int j = 0; j < LANES; j++) {
      long at = to + (long) j * LANES * Integer.BYTES;
      write(
          FloatVector.fromArray(FLOATS, x, first + j * taps * LANES),
          FloatVector.fromArray(FLOATS, x, first + (j + LANES) * taps * LANES),
          at,
          at + low);
    }
  }

  /// Writes what [#CHUNK] numbers of 16 columns have in bf16, or would if they were rounded.
  ///
  /// @param x `[depth, 16]`
  /// @param from the first of the 32
  /// @param to address of a tile `[16, 16, 2]`
  static void columns(float[] x, int from, long to) {
    for (int j = 0; j < LANES; j++) {
      FloatVector a = FloatVector.fromArray(FLOATS, x, (from + j) * LANES);
      FloatVector b = FloatVector.fromArray(FLOATS, x, (from + j + LANES) * LANES);
      long at = to + (long) j * LANES * Integer.BYTES;
      pairs(rounded(a), rounded(b)).intoMemorySegment(Lanes.MEMORY, at, ORDER);
    }
  }

  /// Splits 16 columns of [#CHUNK] rows of `x`.
  ///
  /// @param x `[32, width]`
  /// @param column the first of the 16
  /// @param to address of a tile `[16, 16, 2]`: high halves
  /// @param low bytes from there to the low halves
  static void rows(float[] x, int width, int column, long to, long low) {
    for (int j = 0; j < LANES; j++) {
      long at = to + (long) j * LANES * Integer.BYTES;
      write(
          FloatVector.fromArray(FLOATS, x, j * width + column),
          FloatVector.fromArray(FLOATS, x, (j + LANES) * width + column),
          at,
          at + low);
    }
  }

  /// Writes a row in bf16, rounded.
  ///
  /// @param count a multiple of [#CHUNK]
  /// @param to address of its first 32; the others follow `apart` bytes apart
  static void high(float[] x, int count, long to, long apart) {
    for (int i = 0; i < count; i += CHUNK) {
      FloatVector a = FloatVector.fromArray(FLOATS, x, i);
      FloatVector b = FloatVector.fromArray(FLOATS, x, i + LANES);
      long at = to + i / CHUNK * apart;
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
