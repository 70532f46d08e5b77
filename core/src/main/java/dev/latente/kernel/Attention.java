package dev.latente.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Attention without its matrix of weights: a few queries at a time meet a few keys at a time, and
/// sums are corrected as greater scores are found. Milakov & Gimelshein (2018), [online
/// normalizer](https://arxiv.org/abs/1805.02867); Dao et al. (2022), [algorithm
/// 1](https://arxiv.org/abs/2205.14135).
///
/// A vector's lanes are different queries, so that nothing is ever added across lanes. The error is
/// that of libtorch's own, about 2e-6 where values have a variance of 1. Results do not depend on
/// the number of threads.
public final class Attention {
  /// Features of a head must be a multiple of this.
  public static final int FEATURES = AttentionKernel.TILE;

  // Keys at once: their scores stay in the nearest cache.
  private static final int KEYS = 128;

  // What no score is below.
  private static final float LEAST = -1e30F;
  private static final double LOG2_E = 1 / Math.log(2);
  private static final int QUERIES = AttentionKernel.QUERIES;

  // Panels of queries that share a block of keys, once it is copied.
  private static final int PANELS = 16;
  private static final ValueLayout.OfFloat NUMBER = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ThreadLocal<Work> WORK = new ThreadLocal<>();

  private Attention() {}

  /// What attends to what.
  ///
  /// @param samples N
  /// @param heads number of heads
  /// @param queries L
  /// @param keys S
  /// @param features d, of each head
  public record Shape(int samples, int heads, int queries, int keys, int features) {}

  /// Numbers `[N, heads, rows, d]` in memory; a row's features lie side by side.
  ///
  /// @param address of the first
  /// @param sample numbers from one sample to the next
  /// @param head numbers from one head to the next
  /// @param row numbers from one row to the next
  public record Operand(long address, long sample, long head, long row) {
    /// The numbers of head `index` of all samples' heads.
    Operand from(Shape shape, int index) {
      return new Operand(at(index / shape.heads(), index % shape.heads(), 0), 0, 0, row);
    }

    /// Where the features of a row of the first head are.
    long row(int index) {
      return at(0, 0, index);
    }

    private long at(int n, int h, int index) {
      return address + (n * sample + h * head + index * row) * Float.BYTES;
    }
  }

  /// Writes to `to` what each query finds, scaled by `1/√d`.
  public static void attend(Shape shape, Operand q, Operand k, Operand v, Operand to, int threads) {
    int groups = Math.ceilDiv(shape.queries, QUERIES * PANELS);
    new Parallel(threads)
        .run(
            shape.samples * shape.heads * groups,
            item -> {
              int head = item / groups;
              Group group =
                  new Group(
                      shape,
                      head / shape.heads,
                      head % shape.heads,
                      item % groups * QUERIES * PANELS);
              group.attend(q, k, v, to, work(shape.features));
            });
  }

  private static Work work(int features) {
    Work work = WORK.get();
    if (work == null || work.row.length != features) {
      work = Work.of(features);
      WORK.set(work);
    }
    return work;
  }

  /// What a thread needs for heads of so many features.
  @SuppressWarnings("ArrayRecordComponent") // seen in this file only, and never compared
  private record Work(
      float[] keys, float[] values, float[] scores, float[] row, List<Panel> panels) {
    static Work of(int d) {
      return new Work(
          new float[d * KEYS],
          new float[d * KEYS],
          new float[KEYS * QUERIES],
          new float[d],
          Stream.generate(() -> Panel.of(d)).limit(PANELS).toList());
    }
  }

  /// Queries that are handled together, and what they found so far.
  @SuppressWarnings("ArrayRecordComponent")
  private record Panel(float[] queries, float[] found, float[] state) {
    static Panel of(int d) {
      return new Panel(
          new float[d * QUERIES], new float[d * QUERIES], new float[AttentionKernel.STATE]);
    }

    void begin() {
      Arrays.fill(found, 0);
      Arrays.fill(state, 0);
      Arrays.fill(state, 0, QUERIES, LEAST);
    }

    void meet(Work work, int keys, int d) {
      int tiled = Math.ceilDiv(keys, AttentionKernel.TILE) * AttentionKernel.TILE;
      AttentionKernel.scores(work.keys, tiled, queries, d, work.scores);
      AttentionKernel.weigh(work.scores, keys, state);
      AttentionKernel.rescale(found, d, state);
      AttentionKernel.sum(work.values, keys, work.scores, d, found);
    }
  }

  /// The queries from `first` on, of a head of a sample.
  private record Group(Shape shape, int sample, int head, int first) {
    void attend(Operand q, Operand k, Operand v, Operand to, Work work) {
      int panels = Math.min(PANELS, Math.ceilDiv(shape.queries - first, QUERIES));
      for (int i = 0; i < panels; i++) {
        work.panels.get(i).begin();
        gather(q, first + i * QUERIES, work.row, work.panels.get(i).queries);
      }
      for (int from = 0; from < shape.keys; from += KEYS) {
        int keys = Math.min(KEYS, shape.keys - from);
        rows(k, from, keys, work.keys);
        rows(v, from, keys, work.values);
        for (int i = 0; i < panels; i++) {
          work.panels.get(i).meet(work, keys, shape.features);
        }
      }
      for (int i = 0; i < panels; i++) {
        scatter(to, first + i * QUERIES, work.row, work.panels.get(i));
      }
    }

    private void rows(Operand x, int from, int count, float[] to) {
      int d = shape.features;
      for (int i = 0; i < count; i++) {
        MemorySegment.copy(Lanes.MEMORY, NUMBER, x.at(sample, head, from + i), to, i * d, d);
      }
    }

    /// Lays the queries side by side; the last one stands for those that are missing.
    private void gather(Operand q, int from, float[] row, float[] queries) {
      int d = shape.features;
      float scale = (float) (LOG2_E / Math.sqrt(d));
      for (int lane = 0; lane < QUERIES; lane++) {
        int query = Math.min(from + lane, shape.queries - 1);
        MemorySegment.copy(Lanes.MEMORY, NUMBER, q.at(sample, head, query), row, 0, d);
        for (int i = 0; i < d; i++) {
          queries[i * QUERIES + lane] = row[i] * scale;
        }
      }
    }

    private void scatter(Operand to, int from, float[] row, Panel panel) {
      int d = shape.features;
      for (int lane = 0; lane < Math.min(QUERIES, shape.queries - from); lane++) {
        AttentionKernel.result(panel.found, panel.state, lane, d, row);
        MemorySegment.copy(row, 0, Lanes.MEMORY, NUMBER, to.at(sample, head, from + lane), d);
      }
    }
  }
}
