package dev.latente.kernel;

import dev.latente.kernel.Attention.Operand;
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
/// @param features d, at least 16
record HeadLayout(int keys, int features) {
  private static final int KEYS = 512;
  private static final int PARTS = 3;
  private static final int LANES = Halves.LANES;
  private static final long BYTES = Integer.BYTES;

  private static final ThreadLocal<Room> ROOMS = ThreadLocal.withInitial(Room::new);

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

  /// What a thread uses again and again.
  private static final class Room {
    final WeightColumns columns = new WeightColumns(Halves.CHUNK);
    float[] parts = {};
    float[] values = {};
    int wide;

    /// Makes room for other sizes, all zeros.
    void fit(HeadLayout layout) {
      if (parts.length != layout.depth() * LANES || wide != layout.features()) {
        parts = new float[layout.depth() * LANES];
        values = new float[Halves.CHUNK * layout.wide()];
        wide = layout.features();
      }
    }
  }

  void pack(Operand k, Operand v, int block, long packed) {
    Room room = ROOMS.get();
    room.fit(this);
    int padded = padded(block);
    for (int from = 0; from < padded; from += LANES) {
      int some = Math.clamp((long) count(block) - from, 1, LANES);
      keys(k, block * KEYS + Math.min(from, count(block) - 1), some, room);
      Halves.columns(room.parts, depth(), keys(packed, block) + from * BYTES, padded);
    }
    for (int from = 0; from < padded; from += Halves.CHUNK) {
      int some = Math.min(Halves.CHUNK, count(block) - from);
      for (int i = 0; i < some; i++) {
        HeadLoops.copy(v.row(block * KEYS + from + i), features, room.values, i * wide());
      }
      Arrays.fill(room.values, some * wide(), room.values.length, 0);
      long to = values(packed, block) + (long) from * wide() * Short.BYTES;
      Halves.rows(room.values, wide(), to, to + (long) padded * wide() * Short.BYTES);
    }
  }

  /// Lays the parts of 16 keys out as columns; behind `some` the last of these is repeated.
  private void keys(Operand k, int first, int some, Room room) {
    WeightMatrix rows =
        new WeightMatrix(k.row(first), Math.toIntExact(k.row()), WeightMatrix.Format.F32);
    int[] which = IntStream.range(0, LANES).map(i -> Math.min(i, some - 1)).toArray();
    for (int from = 0; from < features; from += LANES) {
      int at = Math.min(from, features - LANES);
      HeadLoops.keyParts(room.columns.of(rows, which, at, LANES), room.parts, at, features);
    }
  }

  void queries(Operand q, int first, int count, float scale, long to) {
    Room room = ROOMS.get();
    room.fit(this);
    for (int i = 0; i < count; i++) {
      HeadLoops.queryParts(q.row(first + i), scale, features, room.parts);
      Halves.high(room.parts, depth(), to + (long) i * depth() * Short.BYTES);
    }
  }

  /// Writes a query's sums, divided.
  void result(long sums, int i, float factor, long to) {
    HeadLoops.result(sums + (long) i * wide() * Float.BYTES, factor, features, to);
  }

  private static int upTo(int count, int multiple) {
    return Math.ceilDiv(count, multiple) * multiple;
  }
}
