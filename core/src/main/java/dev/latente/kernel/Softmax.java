package dev.latente.kernel;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/// The loops of [TiledAttention] over a query's scores, whose number is a multiple of
/// [Halves#CHUNK].
///
/// They call Java's vectors with no helpers between but [Exponential] and [Halves]: what Java does
/// not compile into the loop makes an object of each vector, which is ten times slower, and whether
/// it does so varies.
final class Softmax {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  // For each lane the one so far away: after all four a lane has met all 16.
  private static final VectorShuffle<Float> BY_8 = apart(8);
  private static final VectorShuffle<Float> BY_4 = apart(4);
  private static final VectorShuffle<Float> BY_2 = apart(2);
  private static final VectorShuffle<Float> BY_1 = apart(1);

  private static final long HALF_CHUNK = (long) Halves.LANES * Float.BYTES;

  private Softmax() {}

  private static VectorShuffle<Float> apart(int lanes) {
    return VectorShuffle.fromOp(FloatVector.SPECIES_512, lane -> lane ^ lanes);
  }

  /// Overwrites scores that no key has: the numbers `from` to `keys` of each row.
  static void hide(long scores, int rows, int from, int keys, float least) {
    for (int i = 0; i < rows; i++) {
      for (int key = from; key < keys; key++) {
        long at = scores + ((long) i * keys + key) * Float.BYTES;
        Lanes.MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, least);
      }
    }
  }

  /// Raises `most` to the greatest score of each row, or the next whole number above.
  static void greatest(long scores, int rows, int keys, float[] most) {
    for (int i = 0; i < rows; i++) {
      float greatest = greatest(scores + (long) i * keys * Float.BYTES, keys);
      most[i] = Math.max(most[i], (float) Math.ceil(greatest));
    }
  }

  private static float greatest(long row, int keys) {
    FloatVector a = FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, row, ORDER);
    FloatVector b =
        FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, row + Lanes.BYTES, ORDER);
    for (int at = 2 * Lanes.COUNT; at < keys; at += 2 * Lanes.COUNT) {
      long x = row + (long) at * Float.BYTES;
      FloatVector c = FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, x, ORDER);
      FloatVector d =
          FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, x + Lanes.BYTES, ORDER);
      // faster than max, which looks after numbers that are none, and the sign of zero
      a = a.blend(c, a.compare(VectorOperators.LT, c));
      b = b.blend(d, b.compare(VectorOperators.LT, d));
    }
    a = a.blend(b, a.compare(VectorOperators.LT, b));
    FloatVector other = a.rearrange(BY_8);
    a = a.blend(other, a.compare(VectorOperators.LT, other));
    other = a.rearrange(BY_4);
    a = a.blend(other, a.compare(VectorOperators.LT, other));
    other = a.rearrange(BY_2);
    a = a.blend(other, a.compare(VectorOperators.LT, other));
    return Math.max(a.lane(0), a.lane(1));
  }

  /// Multiplies each row, of `count` numbers, by its factor.
  static void scale(long x, int rows, int count, float[] factors) {
    long bytes = (long) count * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      if (factors[i] != 1) {
        scale(x + i * bytes, bytes, factors[i]);
      }
    }
  }

  private static void scale(long row, long bytes, float factor) {
    for (long at = 0; at < bytes; at += Lanes.BYTES) {
      FloatVector.fromMemorySegment(Lanes.SPECIES, Lanes.MEMORY, row + at, ORDER)
          .mul(factor)
          .intoMemorySegment(Lanes.MEMORY, row + at, ORDER);
    }
  }

  /// Makes weights of scores, powers of two of what they are less than `most`, which is whole,
  /// splits them into [Halves], and adds those of each row to its sum.
  ///
  /// @param to where they go, of `keys` numbers each
  static void weights(long scores, int rows, int keys, float[] most, float[] sums, HalvedRows to) {
    for (int i = 0; i < rows; i++) {
      long row = scores + (long) i * keys * Float.BYTES;
      sums[i] += weights(row, keys, most[i], to.row(i), to.low());
    }
  }

  private static float weights(long scores, int keys, float most, long to, long low) {
    FloatVector a = FloatVector.zero(FloatVector.SPECIES_512);
    FloatVector b = a;
    long at = to;
    for (int key = 0; key < keys; key += Halves.CHUNK) {
      long from = scores + (long) key * Float.BYTES;
      FloatVector x =
          Exponential.exp2(
              FloatVector.fromMemorySegment(FloatVector.SPECIES_512, Lanes.MEMORY, from, ORDER),
              most);
      FloatVector y =
          Exponential.exp2(
              FloatVector.fromMemorySegment(
                  FloatVector.SPECIES_512, Lanes.MEMORY, from + HALF_CHUNK, ORDER),
              most);
      Halves.write(x, y, at, at + low);
      at += 2 * low;
      a = a.add(x);
      b = b.add(y);
    }
    a = a.add(b); // in this order always, as a sum over lanes is not
    a = a.add(a.rearrange(BY_8));
    a = a.add(a.rearrange(BY_4));
    a = a.add(a.rearrange(BY_2));
    a = a.add(a.rearrange(BY_1));
    return a.lane(0);
  }
}
