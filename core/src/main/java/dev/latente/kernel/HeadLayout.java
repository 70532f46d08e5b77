package dev.latente.kernel;

import dev.latente.kernel.Attention.Operand;
import dev.latente.kernel.TileProduct.Job;
import dev.latente.kernel.TileProduct.Series;
import java.util.Arrays;
import java.util.stream.IntStream;

/// How a head's keys and values lie for [TileProduct], in blocks of keys: of each block first the
/// keys, each a column in bf16, then the values' [Halves], each feature a column.
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

  private static final ThreadLocal<Room> ROOMS = ThreadLocal.withInitial(Room::new);

  /// Numbers of a key, with zeros at the end.
  int depth() {
    return upTo(PARTS * features, Halves.CHUNK);
  }

  /// Columns of the values, with zeros at the end: 48, or a multiple of 32.
  int wide() {
    int line = TileShape.LINE.columns();
    return features > TileShape.HALVES.columns() && features <= line
        ? line
        : upTo(features, TileShape.HALVES.columns());
  }

  private int deep() {
    return depth() / Halves.CHUNK;
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
  private long keys(long packed, int block) {
    return packed + (long) block * widest() * (depth() + 2L * wide()) * Short.BYTES;
  }

  private long values(long packed, int block) {
    return keys(packed, block) + (long) padded(block) * depth() * Short.BYTES;
  }

  /// The product of queries with a block's keys.
  ///
  /// @param queries as [#queries] wrote them
  /// @param y address of `[rows, padded keys]`
  Job scores(long packed, int block, long queries, int rows, long y) {
    long apart = queryApart(rows);
    long[] steps = IntStream.range(0, deep()).mapToLong(step -> step * apart).toArray();
    long keys = keys(packed, block);
    TileShape shape = TileShape.PLAIN;
    Series across = Series.across(shape, padded(block), deep());
    return new Job(shape, queries, 0, steps, keys, y, rows, padded(block), across, false);
  }

  /// The product of weights with a block's values, added up from block to block.
  ///
  /// @param y address of `[rows, wide]`
  Job found(long packed, int block, HalvedRows weights, long y) {
    TileShape shape = TileShape.ofHalves(wide());
    return weights.times(shape, values(packed, block), wide(), weights.rows(), y, block > 0);
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
      for (int step = 0; step < deep(); step++) {
        long tile = keys(packed, block) + TileShape.PLAIN.tile(from, step, deep());
        Halves.columns(room.parts, step * Halves.CHUNK, tile);
      }
    }
    TileShape shape = TileShape.ofHalves(wide());
    int steps = padded / Halves.CHUNK;
    for (int step = 0; step < steps; step++) {
      int from = step * Halves.CHUNK;
      int some = Math.min(Halves.CHUNK, count(block) - from);
      for (int i = 0; i < some; i++) {
        HeadLoops.copy(v.row(block * KEYS + from + i), features, room.values, i * wide());
      }
      Arrays.fill(room.values, some * wide(), room.values.length, 0);
      for (int column = 0; column < wide(); column += LANES) {
        long tile = values(packed, block) + shape.tile(column, step, steps);
        Halves.rows(room.values, wide(), column, tile, shape.lowHalf());
      }
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

  /// Bytes that some queries take.
  long queryBytes(int count) {
    return (deep() + 1) * queryApart(TileShape.PLAIN.padded(count));
  }

  /// Bytes from 32 numbers of a query to the next.
  private static long queryApart(int count) {
    return (count | 1) * (long) Halves.CHUNK * Short.BYTES;
  }

  /// Lays queries out, `[depth / 32, count, 32]`.
  void queries(Operand q, int first, int count, float scale, long to) {
    Room room = ROOMS.get();
    room.fit(this);
    for (int i = 0; i < count; i++) {
      HeadLoops.queryParts(q.row(first + i), scale, features, room.parts);
      long at = to + (long) i * Halves.CHUNK * Short.BYTES;
      Halves.high(room.parts, depth(), at, queryApart(count));
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
