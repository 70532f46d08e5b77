package dev.latente.kernel;

import static dev.latente.kernel.Lanes.load;
import static dev.latente.kernel.Lanes.store;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/// The loops of [TiledAttention] over a query's scores, whose number is a multiple of
/// [Halves#CHUNK].
final class Softmax {
  private Softmax() {}

  /// Overwrites scores that no key has: the numbers `from` to `keys` of each row.
  static void hide(long scores, int rows, int from, int keys, float least) {
    for (int i = 0; i < rows; i++) {
      for (int key = from; key < keys; key++) {
        long at = scores + ((long) i * keys + key) * Float.BYTES;
        Lanes.MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, least);
      }
    }
  }

  /// Raises `most` to the greatest score of each row.
  static void greatest(long scores, int rows, int keys, float[] most) {
    long bytes = (long) keys * Float.BYTES;
    float[] lanes = new float[Lanes.COUNT];
    for (int i = 0; i < rows; i++) {
      long row = scores + i * bytes;
      FloatVector a = load(row);
      FloatVector b = load(row + Lanes.BYTES);
      for (long at = 2L * Lanes.BYTES; at < bytes; at += 2L * Lanes.BYTES) {
        a = a.max(load(row + at));
        b = b.max(load(row + at + Lanes.BYTES));
      }
      a.max(b).intoArray(lanes, 0);
      for (float lane : lanes) {
        most[i] = Math.max(most[i], lane);
      }
    }
  }

  /// Multiplies each row, of `count` numbers, by its factor.
  static void scale(long x, int rows, int count, float[] factors) {
    long bytes = (long) count * Float.BYTES;
    for (int i = 0; i < rows; i++) {
      long row = x + i * bytes;
      for (long at = 0; at < bytes; at += Lanes.BYTES) {
        store(row + at, load(row + at).mul(factors[i]));
      }
    }
  }

  /// Makes weights of scores, powers of two of what they are less than the greatest, and adds those
  /// of each row to its sum.
  static void weights(long scores, int rows, int keys, float[] most, float[] sums) {
    long bytes = (long) keys * Float.BYTES;
    float[] lanes = new float[Lanes.COUNT];
    for (int i = 0; i < rows; i++) {
      long row = scores + i * bytes;
      FloatVector sum = FloatVector.zero(Lanes.SPECIES);
      for (long at = 0; at < bytes; at += Lanes.BYTES) {
        FloatVector weight = Exponential.exp2(load(row + at).sub(most[i]));
        sum = sum.add(weight);
        store(row + at, weight);
      }
      sum.intoArray(lanes, 0);
      float total = 0;
      for (float lane : lanes) { // in this order always
        total += lane;
      }
      sums[i] += total;
    }
  }
}
