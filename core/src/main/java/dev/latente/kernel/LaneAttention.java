package dev.latente.kernel;

import dev.latente.kernel.Attention.Operand;
import dev.latente.kernel.Attention.Shape;
import dev.latente.kernel.HeadVectors.Queries;
import dev.latente.kernel.HeadVectors.Results;
import dev.latente.kernel.LaneAttentionCode.Product;
import dev.latente.kernel.LaneAttentionCode.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;

/// Attention as [TiledAttention] does it where numbers stay in f32: as in [Attention], a vector's
/// lanes are different queries.
///
/// So sums need not be made of more features than there are: products of rows need them to be a
/// multiple of 32 or 48, where heads of SD 1.5 have 40.
final class LaneAttention {
  private static final int LANES = LaneAttentionCode.QUERIES;

  // Queries whose products are made together; that meet a block of keys, one pair of panels after
  // the other; and keys of a block, a multiple of 16.
  private static final int PAIR = 2 * LANES;
  private static final int QUERIES = 4 * PAIR;
  private static final int KEYS = 256;

  private static final double LOG2_E = 1.442695F;

  private static final long PANEL = LANES * (long) Float.BYTES;
  private static final long SQUARE = LANES * PANEL;

  // Packed heads that are in memory at once.
  private static final long ROOM = 32L << 20;

  // What is less than all scores.
  private static final MemorySegment LEAST = least();

  private static final ThreadLocal<Workspace> SCRATCH = ThreadLocal.withInitial(Workspace::new);

  private final Shape shape;
  private final MachineCode code;
  private final int features;
  private final int keys; // with those that fill up a panel
  private final int deep; // features with those that fill up a panel

  private LaneAttention(Shape shape, MachineCode code) {
    this.shape = shape;
    this.code = code;
    features = shape.features();
    keys = upTo(shape.keys(), LANES);
    deep = upTo(features, LANES);
  }

  private static MemorySegment least() {
    float[] all = new float[PAIR];
    Arrays.fill(all, -1e30F);
    return Arena.global().allocateFrom(ValueLayout.JAVA_FLOAT, all);
  }

  private static int upTo(int count, int multiple) {
    return Math.ceilDiv(count, multiple) * multiple;
  }

  /// As [TiledAttention#attend].
  static void attend(
      Shape shape, Operand q, Operand k, Operand v, Operand to, MachineCode code, int threads) {
    new LaneAttention(shape, code).attend(q, k, v, to, new Parallel(threads));
  }

  private void attend(Operand q, Operand k, Operand v, Operand to, Parallel parallel) {
    int heads = shape.samples() * shape.heads();
    int most = (int) Math.clamp(ROOM / headBytes(), 1, heads);
    int groups = Math.ceilDiv(shape.queries(), QUERIES);
    int blocks = Math.ceilDiv(shape.keys(), KEYS);
    Workspace workspace = Workspace.ofCaller();
    try {
      for (int from = 0; from < heads; from += most) {
        int first = from;
        int count = Math.min(most, heads - from);
        long packed = workspace.atLeast(count * headBytes());
        parallel.run(
            count * blocks,
            item -> {
              int head = item / blocks;
              long at = packed + head * headBytes();
              pack(
                  k.from(shape, first + head),
                  v.from(shape, first + head),
                  item % blocks * KEYS,
                  at);
            });
        parallel.run(
            count * groups,
            item -> {
              int head = item / groups;
              Operand own = q.from(shape, first + head);
              Operand found = to.from(shape, first + head);
              look(own, item % groups * QUERIES, packed + head * headBytes(), found);
            });
      }
    } finally {
      Reference.reachabilityFence(workspace);
    }
  }

  /// Panels of 16 keys `[keys / 16, features, 16]`, then of 16 features `[features / 16, keys,
  /// 16]`.
  private long headBytes() {
    return keys * ((long) features + deep) * Float.BYTES;
  }

  private long values(long packed, int group) {
    return keysAt(packed, keys) + (long) group * keys * PANEL;
  }

  private long keysAt(long packed, int first) {
    return packed + (long) first / LANES * features * PANEL;
  }

  /// Lays a block of keys and its values out. The last key stands for those that are missing.
  private void pack(Operand k, Operand v, int first, long packed) {
    int end = Math.min(first + KEYS, keys);
    long row = (long) features * Float.BYTES;
    Workspace workspace = SCRATCH.get();
    long room = workspace.atLeast(LANES * row);
    for (int key = first; key < end; key += LANES) {
      long x = k.row(key);
      long stride = k.row() * Float.BYTES;
      if (key + LANES > shape.keys()) {
        for (int i = 0; i < LANES; i++) {
          Lanes.copy(k.row(Math.min(key + i, shape.keys() - 1)), room + i * row, row);
        }
        x = room;
        stride = row;
      }
      turn(x, stride, keysAt(packed, key));
    }
    for (int from = 0; from < features; from += LANES) {
      long bytes = Math.min(LANES, features - from) * (long) Float.BYTES;
      long to = values(packed, from / LANES);
      for (int key = first; key < end; key++) {
        long x = v.row(Math.min(key, shape.keys() - 1)) + (long) from * Float.BYTES;
        Lanes.copy(x, to + key * PANEL, bytes);
      }
    }
    Reference.reachabilityFence(workspace);
  }

  /// Writes the features of 16 rows as panels.
  private void turn(long x, long stride, long to) {
    for (int from = 0; from < features; from += LANES) {
      int at = Math.min(from, features - LANES);
      code.turn()
          .turn(
              new WeightTurn.Job(
                  WeightMatrix.Format.F32,
                  x + (long) at * Float.BYTES,
                  stride,
                  LANES,
                  to + at * PANEL));
    }
  }

  /// Two panels of queries.
  ///
  /// @param queries address of panels `[features]`
  /// @param found address of panels `[features]`, the sums so far
  /// @param apart bytes from those of 16 queries to those of the other 16
  /// @param greatest address of a number for each query: the greatest score so far
  /// @param totals address of a number for each query: the sum of weights so far
  private record Pair(long queries, long found, long apart, long greatest, long totals) {
    private static final long STATE = PAIR * (long) Float.BYTES;

    static long bytes(int deep) {
      return 4 * deep * PANEL + 2 * STATE;
    }

    static Pair at(long address, int deep) {
      long apart = deep * PANEL;
      long states = address + 4 * apart;
      return new Pair(address, address + 2 * apart, apart, states, states + STATE);
    }

    void begin() {
      Lanes.copy(LEAST.address(), greatest, STATE);
      Lanes.clear(totals, STATE);
    }
  }

  /// What queries from `first` on find.
  private void look(Operand q, int first, long packed, Operand to) {
    int count = Math.min(QUERIES, shape.queries() - first);
    int pairs = Math.ceilDiv(count, PAIR);
    long scores = 2 * KEYS * PANEL;
    long lines = deep / LANES * lineApart(count) + PAIR * PANEL;
    long square = Math.max(SQUARE, deep * (long) Float.BYTES);
    Workspace workspace = SCRATCH.get();
    long at = workspace.atLeast(scores + lines + square + pairs * Pair.bytes(deep));
    long line = at + scores;
    long room = line + lines;
    queries(q, first, count, line, room);
    Pair[] all = new Pair[pairs];
    for (int i = 0; i < pairs; i++) {
      all[i] = Pair.at(room + square + i * Pair.bytes(deep), deep);
      turnQueries(i, count, line, all[i]);
      all[i].begin();
    }
    for (int from = 0; from < shape.keys(); from += KEYS) {
      for (Pair pair : all) {
        meet(pair, from, packed, at);
      }
    }
    for (int i = 0; i < pairs; i++) {
      write(all[i], first + i * PAIR, Math.min(PAIR, count - i * PAIR), room, to);
    }
    Reference.reachabilityFence(workspace);
  }

  /// Bytes from 16 features of queries to the next 16.
  private static long lineApart(int count) {
    return (count | 1) * PANEL;
  }

  /// Writes queries, scaled, `[features / 16, count, 16]`.
  private void queries(Operand q, int first, int count, long line, long scratch) {
    Lanes.clear(scratch, (long) deep * Float.BYTES);
    float scale = (float) (LOG2_E / Math.sqrt(features));
    code.heads()
        .queries(
            new Queries(
                q.row(first),
                q.row() * Float.BYTES,
                count,
                features,
                deep,
                scale,
                line,
                lineApart(count),
                scratch));
  }

  /// Writes panels of such queries; those that are missing may be anything.
  private void turnQueries(int index, int count, long line, Pair pair) {
    for (int half = 0; half < 2; half++) {
      long rows = line + (index * PAIR + half * (long) LANES) * PANEL;
      long to = pair.queries() + half * pair.apart();
      for (int from = 0; from < features; from += LANES) {
        long x = rows + from / LANES * lineApart(count);
        code.turn()
            .turn(new WeightTurn.Job(WeightMatrix.Format.F32, x, PANEL, LANES, to + from * PANEL));
      }
    }
  }

  /// Lets queries meet a block of keys.
  private void meet(Pair pair, int first, long packed, long scores) {
    long apart = KEYS * PANEL;
    int count = Math.min(KEYS, shape.keys() - first);
    int padded = upTo(count, LaneProductCode.ROWS);
    LaneAttentionCode lanes = code.lanes();
    lanes.multiply(
        new Product(
            keysAt(packed, first),
            features * PANEL,
            pair.queries(),
            pair.apart(),
            features,
            scores,
            apart,
            padded,
            false));
    lanes.weigh(
        new Weights(
            scores,
            apart,
            count,
            padded,
            pair.greatest(),
            pair.totals(),
            pair.found(),
            pair.apart(),
            first == 0 ? 0 : features));
    lanes.multiply(
        new Product(
            values(packed, 0) + first * PANEL,
            keys * PANEL,
            scores,
            apart,
            padded,
            pair.found(),
            pair.apart(),
            features,
            first > 0));
  }

  /// Writes what queries found: their sums, divided by the totals.
  private void write(Pair pair, int first, int count, long square, Operand to) {
    long stride = to.row() * Float.BYTES;
    for (int half = 0; half * LANES < count; half++) {
      int rows = Math.min(LANES, count - half * LANES);
      long found = pair.found() + half * pair.apart();
      long totals = pair.totals() + half * PANEL;
      for (int from = 0; from < features; from += LANES) {
        int at = Math.min(from, features - LANES);
        code.turn()
            .turn(
                new WeightTurn.Job(
                    WeightMatrix.Format.F32, found + at * PANEL, PANEL, LANES, square));
        long row = to.row(first + half * LANES) + (long) at * Float.BYTES;
        code.heads().results(new Results(square, LANES, totals, rows, LANES, row, stride));
      }
    }
  }
}
