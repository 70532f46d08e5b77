package dev.latente.kernel;

import dev.latente.kernel.Attention.Operand;
import dev.latente.kernel.Attention.Shape;
import dev.latente.kernel.ScoreWeights.Job;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;

/// Attention as [Attention] does it, `softmax(q · kᵀ / √d) · v`, by products of [Halves]; or by
/// [LaneAttention] where numbers stay as they are.
///
/// A query's scores with some keys are made, then their weights relative to the greatest score so
/// far, then these are added up; what was found before is corrected when a greater score appears
/// (Milakov & Gimelshein, 2018, [algorithm 3](https://arxiv.org/abs/1805.02867)). Of halves the
/// error is that of numbers with 17 digits in base 2. Results do not depend on the number of
/// threads.
public final class TiledAttention {
  /// The number of features must be a multiple of this.
  public static final int FEATURES = 8;

  /// The least number of features.
  public static final int LEAST_FEATURES = Halves.LANES;

  private static final int QUERIES = 128;

  // Packed heads that are in memory at once.
  private static final long ROOM = 32L << 20;

  private static final float LOG2_E = 1.442695F;

  // What is less than all scores, for as many queries as there are at once at most.
  private static final MemorySegment LEAST = least();

  private static final ThreadLocal<Workspace> SCRATCH = ThreadLocal.withInitial(Workspace::new);

  private TiledAttention() {}

  private static MemorySegment least() {
    float[] all = new float[QUERIES];
    Arrays.fill(all, -1e30F);
    return Arena.global().allocateFrom(ValueLayout.JAVA_FLOAT, all);
  }

  /// What scores are multiplied by, so that their powers of two are weights.
  static float scale(int features) {
    return (float) (LOG2_E / Math.sqrt(features));
  }

  /// Writes what is kept of `count` queries, at most 128, before they meet a key.
  ///
  /// @param greatest address of the greatest score of each
  /// @param totals address of the sum of weights of each
  static void begin(long greatest, long totals, int count) {
    Lanes.copy(LEAST.address(), greatest, (long) count * Float.BYTES);
    Lanes.clear(totals, (long) count * Float.BYTES);
  }

  /// Writes to `to` what each query finds, scaled by `1/√d`.
  ///
  /// @param shape with a number of features that is a multiple of [#FEATURES], and at least
  ///   [#LEAST_FEATURES]
  /// @param code how to multiply and to weigh
  /// @param threads how many may be used
  public static void attend(
      Shape shape, Operand q, Operand k, Operand v, Operand to, MachineCode code, int threads) {
    HeadWork work =
        switch (code.form()) {
          case HALVES -> new Rows(new HeadLayout(shape.keys(), shape.features()), code);
          case WHOLE, SHORTS -> new LaneAttention(shape, code);
        };
    Parallel parallel = new Parallel(threads);
    int heads = shape.samples() * shape.heads();
    int most = (int) Math.clamp(ROOM / work.bytes(), 1, heads);
    int groups = Math.ceilDiv(shape.queries(), work.queries());
    Workspace workspace = Workspace.ofCaller();
    try {
      for (int from = 0; from < heads; from += most) {
        int first = from;
        int count = Math.min(most, heads - from);
        long packed = workspace.atLeast(count * work.bytes());
        parallel.run(
            count * work.blocks(),
            item -> {
              int head = item / work.blocks();
              work.pack(
                  k.from(shape, first + head),
                  v.from(shape, first + head),
                  item % work.blocks(),
                  packed + head * work.bytes());
            });
        parallel.run(
            count * groups,
            item -> {
              int head = item / groups;
              int query = item % groups * work.queries();
              work.attend(
                  q.from(shape, first + head),
                  query,
                  Math.min(work.queries(), shape.queries() - query),
                  packed + head * work.bytes(),
                  to.from(shape, first + head));
            });
      }
    } finally {
      Reference.reachabilityFence(workspace);
    }
  }

  /// By products of [Halves]: queries are rows.
  private record Rows(HeadLayout layout, MachineCode code) implements HeadWork {
    @Override
    public long bytes() {
      return layout.bytes();
    }

    @Override
    public int blocks() {
      return layout.blocks();
    }

    @Override
    public int queries() {
      return QUERIES;
    }

    @Override
    public void pack(Operand k, Operand v, int block, long packed) {
      layout.pack(k, v, block, packed, code);
    }

    @Override
    public void attend(Operand q, int first, int count, long packed, Operand to) {
      int rows = TileShape.HALVES.padded(count);
      long scores = (long) rows * layout.widest() * Float.BYTES;
      long weights = HalvedRows.bytes(count, layout.widest());
      long queries = layout.queryBytes(count);
      long found = (long) rows * layout.wide() * Float.BYTES;
      long each = (long) rows * Float.BYTES;
      Workspace workspace = SCRATCH.get();
      long at = workspace.atLeast(scores + weights + queries + found + 2 * each);
      long halves = at + scores;
      long mine = halves + weights;
      long sums = mine + queries;
      long greatest = sums + found;
      long totals = greatest + each;
      layout.queries(q, first, count, scale(layout.features()), mine, code.heads());
      begin(greatest, totals, count);
      try {
        for (int block = 0; block < layout.blocks(); block++) {
          int keys = layout.padded(block);
          code.product().multiply(layout.scores(packed, block, mine, count, at));
          HalvedRows shares = new HalvedRows(halves, count, keys);
          int wide = block == 0 ? 0 : layout.wide();
          code.scores()
              .weigh(
                  new Job(
                      at,
                      count,
                      layout.count(block),
                      greatest,
                      totals,
                      sums,
                      wide,
                      halves,
                      shares.low()));
          code.product().multiply(layout.found(packed, block, shares, sums));
        }
        layout.results(sums, totals, first, count, to, code.heads());
      } finally {
        Reference.reachabilityFence(workspace);
      }
    }
  }
}
