package dev.latente.kernel;

import dev.latente.kernel.Attention.Operand;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/// How a head's keys and values lie for [TileProduct], in blocks of keys: of each block first the
/// keys `[depth / 2, keys, 2]`, then the high halves of the values `[keys / 2, wide, 2]`, then the
/// low ones.
///
/// A query's numbers are `high, high, low` of its features, and a key's `high, low, high`, so that
/// one product gives the sum of three. A block's last keys may be zeros.
///
/// @param keys how many
/// @param features d
record HeadLayout(int keys, int features) {
  private static final int KEYS = 512;
  private static final int PARTS = 3;

  /// Numbers of a key, with zeros at the end.
  int depth() {
    return upTo(PARTS * features, Halves.CHUNK);
  }

  /// Columns of the values, with zeros at the end.
  int wide() {
    return upTo(features, Halves.LANES);
  }

  int blocks() {
    return Math.ceilDiv(keys, KEYS);
  }

  /// Keys of a block.
  int count(int block) {
    return Math.min(KEYS, keys - block * KEYS);
  }

  int padded(int block) {
    return upTo(count(block), Halves.CHUNK);
  }

  int widest() {
    return padded(0);
  }

  long bytes() {
    return (long) blocks() * widest() * (depth() + 2L * wide()) * Short.BYTES;
  }

  /// Where a block's keys are.
  long keys(long packed, int block) {
    return packed + (long) block * widest() * (depth() + 2L * wide()) * Short.BYTES;
  }

  long values(long packed, int block) {
    return keys(packed, block) + (long) padded(block) * depth() * Short.BYTES;
  }

  void pack(Operand k, Operand v, int block, long packed) {
    int padded = padded(block);
    float[] near = new float[Halves.CHUNK * depth()];
    float[] values = new float[Halves.CHUNK * wide()];
    float[] row = new float[features];
    int[] places = IntStream.range(0, Halves.LANES).map(lane -> lane * depth()).toArray();
    for (int from = 0; from < padded; from += Halves.CHUNK) {
      int some = Math.min(Halves.CHUNK, count(block) - from);
      Arrays.fill(near, some * depth(), near.length, 0);
      Arrays.fill(values, some * wide(), values.length, 0);
      for (int i = 0; i < some; i++) {
        read(k.row(block * KEYS + from + i), row);
        parts(row, 1, near, i * depth(), true);
        read(v.row(block * KEYS + from + i), row);
        System.arraycopy(row, 0, values, i * wide(), features);
      }
      for (int half = 0; half < 2; half++) {
        long to = keys(packed, block) + (long) (from + half * Halves.LANES) * Integer.BYTES;
        Halves.columns(near, half * Halves.LANES * depth(), places, depth(), to, padded);
      }
      long to = values(packed, block) + (long) from * wide() * Short.BYTES;
      Halves.rows(values, wide(), to, to + (long) padded * wide() * Short.BYTES);
    }
  }

  void queries(Operand q, int first, int count, float scale, long to) {
    float[] near = new float[depth()];
    float[] row = new float[features];
    for (int i = 0; i < count; i++) {
      read(q.row(first + i), row);
      parts(row, scale, near, 0, false);
      Halves.high(near, to + (long) i * depth() * Short.BYTES);
    }
  }

  /// Writes a query's sums, divided.
  void result(long sums, int i, float factor, long to) {
    long from = sums + (long) i * wide() * Float.BYTES;
    for (int c = 0; c < features; c++) {
      long at = (long) c * Float.BYTES;
      float x = Lanes.MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + at);
      Lanes.MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, to + at, x * factor);
    }
  }

  private void parts(float[] row, float scale, float[] to, int at, boolean key) {
    int second = at + features;
    int third = second + features;
    for (int c = 0; c < features; c++) {
      float x = row[c] * scale;
      float high = Halves.high(x);
      to[at + c] = high;
      to[(key ? third : second) + c] = high;
      to[(key ? second : third) + c] = x - high;
    }
  }

  private void read(long from, float[] row) {
    MemorySegment.copy(Lanes.MEMORY, ValueLayout.JAVA_FLOAT_UNALIGNED, from, row, 0, features);
  }

  private static int upTo(int count, int multiple) {
    return Math.ceilDiv(count, multiple) * multiple;
  }
}
