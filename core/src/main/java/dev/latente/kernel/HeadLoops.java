package dev.latente.kernel;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [HeadLayout] over a head's features, of which there are at least 16. If they are no
/// multiple of that, the last vector begins among those of the one before.
final class HeadLoops {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = Halves.LANES;
  private static final int HALF_UNIT = 0x8000;
  private static final int HIGH = 0xffff0000;

  private HeadLoops() {}

  /// Copies a row.
  static void copy(long from, int features, float[] to, int at) {
    for (int c = 0; c < features; c += LANES) {
      int first = Math.min(c, features - LANES);
      FloatVector.fromMemorySegment(FLOATS, Lanes.MEMORY, from + (long) first * Float.BYTES, ORDER)
          .intoArray(to, at + first);
    }
  }

  /// Writes a row, multiplied.
  static void result(long from, float factor, int features, long to) {
    for (int c = 0; c < features; c += LANES) {
      int first = Math.min(c, features - LANES);
      FloatVector.fromMemorySegment(FLOATS, Lanes.MEMORY, from + (long) first * Float.BYTES, ORDER)
          .mul(factor)
          .intoMemorySegment(Lanes.MEMORY, to + (long) first * Float.BYTES, ORDER);
    }
  }

  /// Writes a query's parts: high, high, low.
  static void queryParts(long from, float scale, int features, float[] to) {
    for (int c = 0; c < features; c += LANES) {
      int first = Math.min(c, features - LANES);
      FloatVector x =
          FloatVector.fromMemorySegment(
                  FLOATS, Lanes.MEMORY, from + (long) first * Float.BYTES, ORDER)
              .mul(scale);
      FloatVector high = x.reinterpretAsInts().add(HALF_UNIT).and(HIGH).reinterpretAsFloats();
      high.intoArray(to, first);
      high.intoArray(to, features + first);
      x.sub(high).intoArray(to, 2 * features + first);
    }
  }

  /// Writes parts of 16 features of 16 keys: high, low, high.
  ///
  /// @param x `[16, 16]`, a key a column
  /// @param to `[3, features, 16]`
  /// @param at the first feature
  static void keyParts(float[] x, float[] to, int at, int features) {
    int apart = features * LANES;
    for (int i = 0; i < LANES; i++) {
      int place = (at + i) * LANES;
      FloatVector key = FloatVector.fromArray(FLOATS, x, i * LANES);
      FloatVector high = key.reinterpretAsInts().add(HALF_UNIT).and(HIGH).reinterpretAsFloats();
      high.intoArray(to, place);
      key.sub(high).intoArray(to, place + apart);
      high.intoArray(to, place + 2 * apart);
    }
  }
}
