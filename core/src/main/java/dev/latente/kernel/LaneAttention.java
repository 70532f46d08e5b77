package dev.latente.kernel;

import dev.latente.kernel.Attention.Operand;
import dev.latente.kernel.Attention.Shape;
import dev.latente.kernel.HeadVectors.Queries;
import dev.latente.kernel.HeadVectors.Results;
import dev.latente.kernel.LaneSteps.Panels;
import dev.latente.kernel.LaneSteps.Product;
import dev.latente.kernel.LaneSteps.Scales;
import dev.latente.kernel.LaneSteps.Weights;
import java.lang.ref.Reference;

/// Attention as [TiledAttention] does it where numbers stay in f32, or become [Shorts] for
/// products: as in [Attention], a vector's lanes are different queries.
///
/// So sums need not be made of more features than there are: products of rows need them to be a
/// multiple of 32 or 48, where heads of SD 1.5 have 40.
final class LaneAttention implements HeadWork {
  private static final int LANES = LaneSteps.QUERIES;

  // Queries whose products are made together; that meet a block of keys, one pair of panels after
  // the other; and keys of a block, a multiple of 16.
  private static final int PAIR = 2 * LANES;
  private static final int QUERIES = 4 * PAIR;
  private static final int KEYS = 256;

  // Lengths of [Shorts], whose products are less than 2^31: of queries and keys, and of 32 keys'
  // values of a feature, whose weights are at most 2^15.
  private static final float LENGTH = 46300;
  private static final float VALUES_LENGTH = 11580;

  private static final long PANEL = LANES * (long) Float.BYTES;
  private static final long SQUARE = LANES * PANEL;

  private static final ThreadLocal<Workspace> SCRATCH = ThreadLocal.withInitial(Workspace::new);

  private final Shape shape;
  private final MachineCode code;
  private final int features;
  private final int keys; // with those that fill up a panel
  private final int deep; // features with those that fill up a panel
  private final boolean shorts;

  LaneAttention(Shape shape, MachineCode code) {
    this.shape = shape;
    this.code = code;
    shorts = code.form() == TileNumbers.SHORTS;
    features = shape.features();
    keys = HeadLayout.upTo(shape.keys(), LANES);
    deep = HeadLayout.upTo(features, LANES);
  }

  /// Panels of 16 keys `[keys / 16, features, 16]`, then of 16 features `[features / 16, keys,
  /// 16]`. [Shorts] take half of that, and have scales behind: `[keys]`, then `[keys / 32,
  /// features]`.
  @Override
  public long bytes() {
    long numbers = keys * ((long) features + deep) * Float.BYTES;
    return shorts ? valueScale(0, keys) + (long) deep * Float.BYTES : numbers;
  }

  private long room(long numbers) {
    return shorts ? numbers / 2 : numbers;
  }

  private long keyScale(long packed, int key) {
    return values(packed, deep / LANES) + (long) key * Float.BYTES;
  }

  private long valueScale(long packed, int key) {
    return keyScale(packed, keys) + (long) key / LaneShortCode.BLOCK * deep * Float.BYTES;
  }

  @Override
  public int blocks() {
    return Math.ceilDiv(shape.keys(), KEYS);
  }

  @Override
  public int queries() {
    return QUERIES;
  }

  private long values(long packed, int group) {
    return keysAt(packed, keys) + room((long) group * keys * PANEL);
  }

  private long keysAt(long packed, int first) {
    return packed + room((long) first / LANES * features * PANEL);
  }

  // The last key stands for those that are missing.
  @Override
  public void pack(Operand k, Operand v, int block, long packed) {
    int first = block * KEYS;
    int end = Math.min(first + KEYS, keys);
    long row = (long) features * Float.BYTES;
    Workspace workspace = SCRATCH.get();
    long room = workspace.atLeast(LANES * row + Math.max(features, LaneShortCode.BLOCK) * PANEL);
    long panels = room + LANES * row;
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
      if (shorts) {
        turn(x, stride, panels);
        long scales = keyScale(packed, key);
        code.lanes()
            .shorten(new Panels(panels, PANEL, features, keysAt(packed, key), scales, LENGTH));
      } else {
        turn(x, stride, keysAt(packed, key));
      }
    }
    for (int from = 0; from < features; from += LANES) {
      if (shorts) {
        shortValues(v, from, first, end, packed, panels);
      } else {
        values(v, from, first, end, values(packed, from / LANES) + first * PANEL);
      }
    }
    Reference.reachabilityFence(workspace);
  }

  /// Writes panels of up to 16 features of some keys.
  private void values(Operand v, int from, int first, int end, long to) {
    long bytes = Math.min(LANES, features - from) * (long) Float.BYTES;
    for (int key = first; key < end; key++) {
      long x = v.row(Math.min(key, shape.keys() - 1)) + (long) from * Float.BYTES;
      Lanes.copy(x, to + (key - first) * PANEL, bytes);
    }
  }

  private void shortValues(Operand v, int from, int first, int end, long packed, long panels) {
    for (int key = first; key < end; key += LaneShortCode.BLOCK) {
      int count = Math.min(LaneShortCode.BLOCK, end - key);
      long x = v.row(key) + (long) from * Float.BYTES;
      long stride = v.row() * Float.BYTES;
      if (from + LANES > features || key + count > shape.keys()) {
        values(v, from, key, key + count, panels);
        x = panels;
        stride = PANEL;
      }
      long to = values(packed, from / LANES) + key / 2 * PANEL;
      long scales = valueScale(packed, key) + (long) from * Float.BYTES;
      code.lanes().shorten(new Panels(x, stride, count, to, scales, VALUES_LENGTH));
    }
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
  /// @param scales address of a number for each query: what undoes its scale, of [Shorts]
  private record Pair(
      long queries, long found, long apart, long greatest, long totals, long scales) {
    private static final long STATE = PAIR * (long) Float.BYTES;

    static long bytes(int deep) {
      return 4 * deep * PANEL + 3 * STATE;
    }

    static Pair at(long address, int deep) {
      long apart = deep * PANEL;
      long states = address + 4 * apart;
      return new Pair(
          address, address + 2 * apart, apart, states, states + STATE, states + 2 * STATE);
    }

    void begin() {
      TiledAttention.begin(greatest, totals, PAIR);
    }
  }

  @Override
  public void attend(Operand q, int first, int count, long packed, Operand to) {
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
    code.heads()
        .queries(
            new Queries(
                q.row(first),
                q.row() * Float.BYTES,
                count,
                features,
                deep,
                TiledAttention.scale(features),
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
      if (shorts) {
        long scales = pair.scales() + half * PANEL;
        code.lanes().shorten(new Panels(to, PANEL, features, to, scales, LENGTH));
      }
    }
  }

  /// Lets queries meet a block of keys.
  private void meet(Pair pair, int first, long packed, long scores) {
    int count = Math.min(KEYS, shape.keys() - first);
    int padded = HeadLayout.upTo(count, LaneProductCode.ROWS);
    score(pair, first, packed, padded, scores);
    code.lanes()
        .weigh(
            new Weights(
                scores,
                KEYS * PANEL,
                count,
                padded,
                pair.greatest(),
                pair.totals(),
                pair.found(),
                pair.apart(),
                first == 0 ? 0 : features,
                shorts));
    find(pair, first, packed, padded, scores);
  }

  private void score(Pair pair, int first, long packed, int padded, long scores) {
    Product product =
        new Product(
            keysAt(packed, first),
            room(features * PANEL),
            pair.queries(),
            pair.apart(),
            features,
            scores,
            KEYS * PANEL,
            padded,
            false);
    if (shorts) {
      Scales scales = new Scales(keyScale(packed, first), 0, pair.scales());
      code.lanes().multiplyShorts(product, scales);
    } else {
      code.lanes().multiply(product);
    }
  }

  private void find(Pair pair, int first, long packed, int padded, long scores) {
    Product product =
        new Product(
            values(packed, 0) + room(first * PANEL),
            room(keys * PANEL),
            scores,
            KEYS * PANEL,
            padded,
            pair.found(),
            pair.apart(),
            features,
            first > 0);
    if (shorts) {
      Scales scales = new Scales(valueScale(packed, first), (long) deep * Float.BYTES, 0);
      code.lanes().multiplyShorts(product, scales);
    } else {
      code.lanes().multiply(product);
    }
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
