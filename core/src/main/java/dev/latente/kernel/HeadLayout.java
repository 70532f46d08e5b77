package dev.latente.kernel;

import dev.latente.kernel.Attention.Operand;
import dev.latente.kernel.TileProduct.Job;
import dev.latente.kernel.TileProduct.Series;
import java.lang.ref.Reference;
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

  private static final long LINE = TileShape.DEEP * (long) Short.BYTES;
  private static final long VECTOR = LANES * (long) Float.BYTES;

  private static final ThreadLocal<Workspace> SCRATCH = ThreadLocal.withInitial(Workspace::new);

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

  /// Lines of 64 bytes of a key.
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
    return blocks() * widest() * (keyBytes() + valueBytes());
  }

  /// Where a block's keys are.
  private long keys(long packed, int block) {
    return packed + block * widest() * (keyBytes() + valueBytes());
  }

  private long values(long packed, int block) {
    return keys(packed, block) + padded(block) * keyBytes();
  }

  private long keyBytes() {
    return deep() * LINE;
  }

  private long valueBytes() {
    return wide() * (long) Float.BYTES;
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

  /// Lays a block's keys and values out.
  ///
  /// @param packed address of [#bytes]
  void pack(Operand k, Operand v, int block, long packed, MachineCode code) {
    Workspace workspace = SCRATCH.get();
    long room = workspace.atLeast(packing());
    int padded = padded(block);
    for (int from = 0; from < padded; from += LANES) {
      int some = Math.clamp((long) count(block) - from, 0, LANES);
      int first = block * KEYS + from;
      long tile = keys(packed, block) + TileShape.PLAIN.tile(from, 0, deep());
      keys(k, first, some, tile, room, code);
    }
    TileShape shape = TileShape.ofHalves(wide());
    int steps = padded / Halves.CHUNK;
    for (int step = 0; step < steps; step++) {
      int from = step * Halves.CHUNK;
      int some = Math.min(Halves.CHUNK, count(block) - from);
      long to = values(packed, block) + shape.tile(0, step, steps);
      values(v, block * KEYS + from, some, to, steps, room, code);
    }
    Reference.reachabilityFence(workspace);
  }

  /// Bytes that are written to on the way.
  private long packing() {
    long keys = (2L * features + depth()) * LANES * Float.BYTES;
    return Math.max(keys, (long) Halves.CHUNK * wide() * Float.BYTES);
  }

  /// Lays the parts of 16 keys out as columns; behind `some` there are zeros.
  private void keys(Operand k, int first, int some, long to, long room, MachineCode code) {
    long row = (long) features * Float.BYTES;
    long columns = room + LANES * row;
    long x = k.row(first);
    long stride = k.row() * Float.BYTES;
    if (some < LANES) {
      Lanes.clear(room, LANES * row);
      for (int i = 0; i < some; i++) {
        Lanes.copy(k.row(first + i), room + i * row, row);
      }
      x = room;
      stride = row;
    }
    for (int from = 0; from < features; from += LANES) {
      int at = Math.min(from, features - LANES);
      long part = columns + (long) at * LANES * Float.BYTES;
      long numbers = x + (long) at * Float.BYTES;
      code.turn().turn(new WeightTurn.Job(WeightMatrix.Format.F32, numbers, stride, LANES, part));
    }
    long parts = columns + (long) features * LANES * Float.BYTES;
    long apart = TileShape.PLAIN.stepBytes();
    code.heads().keys(new HeadVectors.Keys(columns, features, depth(), to, apart, parts));
  }

  /// Splits 32 values; behind `some` there are zeros.
  private void values(
      Operand v, int first, int some, long to, int steps, long room, MachineCode code) {
    long piece = (long) Halves.CHUNK * VECTOR; // of 16 features
    Lanes.clear(room, wide() / LANES * piece);
    for (int i = 0; i < some; i++) {
      long row = v.row(first + i);
      for (int from = 0; from < features; from += LANES) {
        long bytes = Math.min(LANES, features - from) * (long) Float.BYTES;
        long at = room + from / LANES * piece + (long) i * VECTOR;
        Lanes.copy(row + (long) from * Float.BYTES, at, bytes);
      }
    }
    TileShape shape = TileShape.ofHalves(wide());
    for (int column = 0; column < wide(); column += LANES) {
      code.strips()
          .split(
              new StripHalves.Job(
                  WeightMatrix.Format.F32,
                  room + column / LANES * piece,
                  1,
                  1,
                  to + shape.tile(column, 0, steps),
                  shape.lowHalf(),
                  0));
    }
  }

  /// Bytes that some queries take.
  long queryBytes(int count) {
    return (deep() + 1) * queryApart(TileShape.PLAIN.padded(count));
  }

  /// Bytes from a line of a query to the next.
  private static long queryApart(int count) {
    return (count | 1) * LINE;
  }

  /// Lays queries out, `[lines, count, 64 bytes]`.
  void queries(Operand q, int first, int count, float scale, long to, HeadVectors with) {
    Workspace workspace = SCRATCH.get();
    long bytes = (long) depth() * Float.BYTES;
    long parts = workspace.atLeast(bytes);
    Lanes.clear(parts, bytes);
    long stride = q.row() * Float.BYTES;
    with.queries(
        new HeadVectors.Queries(
            q.row(first), stride, count, features, depth(), scale, to, queryApart(count), parts));
    Reference.reachabilityFence(workspace);
  }

  /// Writes what queries found: their sums, divided by the totals.
  void results(long sums, long totals, int first, int count, Operand to, HeadVectors with) {
    long stride = to.row() * Float.BYTES;
    with.results(
        new HeadVectors.Results(sums, wide(), totals, count, features, to.row(first), stride));
  }

  /// The least multiple that is no less than `count`.
  static int upTo(int count, int multiple) {
    return Math.ceilDiv(count, multiple) * multiple;
  }
}
