package dev.latente.kernel;

import java.lang.ref.Reference;

/// Convolutions of 3×3 with stride 1 and padding 1 by [TiledSums]: each tap is a product of rows of
/// pixels.
///
/// All pictures are one tall one, with a frame of zeros around each; results for the frame are
/// thrown away.
public final class TiledConvolution {
  /// Both numbers of channels must be multiples of this.
  public static final int MULTIPLE = Halves.CHUNK;

  private static final int SIDE = 3;

  // Numbers of `x` that are split at once.
  private static final int ROOM = 8 << 20;

  // Pixels of a piece, about, and channels of the output at most.
  private static final int PIXELS = 2048;
  private static final int CHANNELS = 64;

  private TiledConvolution() {}

  /// Convolves.
  ///
  /// @param shape with channels that are multiples of [#MULTIPLE]
  /// @param x address of `[N, H, W, in]`
  /// @param weight `[out, in · 9]`
  /// @param bias address of `[out]`
  /// @param y address of `[N, H, W, out]`, overwritten
  /// @param product how to multiply
  /// @param threads how many may be used
  public static void convolve(
      Winograd.Shape shape,
      long x,
      WeightMatrix weight,
      long bias,
      long y,
      TileProduct product,
      int threads) {
    Parallel parallel = new Parallel(threads);
    Frame frame = new Frame(shape);
    int each = Math.max(1, PIXELS / frame.pitch());
    int most = Math.max(1, ROOM / shape.in() / frame.pitch() / each) * each;
    int wide = TiledAffine.columns(shape.out(), CHANNELS);
    int across = Math.ceilDiv(shape.out(), wide);
    Workspace workspace = Workspace.ofCaller();
    try {
      for (int from = 0; from < frame.lines(); from += most) {
        int top = from;
        int lines = Math.min(most, frame.lines() - from);
        HalvedRows rows = frame.split(x, top, lines, workspace, parallel);
        TiledSums sums = new TiledSums(rows, frame.shifts(), weight, product);
        parallel.run(
            Math.ceilDiv(lines, each) * across,
            index -> {
              int first = index / across * each;
              int count = Math.min(each, lines - first);
              int channel = index % across * wide;
              int channels = Math.min(wide, shape.out() - channel);
              sums.with(
                  first * frame.pitch(),
                  count * frame.pitch() - 2,
                  channels,
                  i -> channel + i,
                  at ->
                      frame.write(
                          at, top + first, count, new Channels(channel, channels), bias, y));
            });
      }
    } finally {
      Reference.reachabilityFence(workspace);
    }
  }

  /// The tall picture: each of `N` with a line of zeros above and below, each line with a zero
  /// before and after.
  private record Frame(Winograd.Shape shape) {
    int pitch() {
      return shape.width() + 2;
    }

    private int tall() {
      return shape.height() + 2;
    }

    /// Lines of results, from the first picture's first to the last one's last.
    int lines() {
      return shape.pictures() * tall() - 2;
    }

    int[] shifts() {
      int[] shifts = new int[SIDE * SIDE];
      for (int tap = 0; tap < shifts.length; tap++) {
        shifts[tap] = tap / SIDE * pitch() + tap % SIDE;
      }
      return shifts;
    }

    /// Splits what `lines` of results, from `top` on, are made of.
    HalvedRows split(long x, int top, int lines, Workspace workspace, Parallel parallel) {
      int count = (lines + 2) * pitch();
      long bytes = HalvedRows.bytes(count, shape.in());
      HalvedRows rows = new HalvedRows(workspace.atLeast(bytes), count, shape.in());
      parallel.run(lines + 2, line -> fill(rows, x, top + line, line * pitch()));
      return rows;
    }

    private void fill(HalvedRows rows, long x, int line, int row) {
      int h = line % tall() - 1;
      boolean inside = h >= 0 && h < shape.height();
      long pixel = (long) shape.in() * Float.BYTES;
      long from = x + ((long) line / tall() * shape.height() + h) * shape.width() * pixel;
      for (int w = 0; w < pitch(); w++) {
        if (inside && w > 0 && w <= shape.width()) {
          rows.fill(row + w, from + (w - 1) * pixel);
        } else {
          rows.clear(row + w);
        }
      }
    }

    void write(long sums, int top, int lines, Channels part, long bias, long y) {
      for (int i = 0; i < lines; i++) {
        int h = (top + i) % tall();
        if (h < shape.height()) {
          long pixel = ((long) (top + i) / tall() * shape.height() + h) * shape.width();
          TiledAffine.add(
              sums + (long) i * pitch() * part.count() * Float.BYTES,
              shape.width(),
              part.count(),
              bias + (long) part.from() * Float.BYTES,
              y + (pixel * shape.out() + part.from()) * Float.BYTES,
              (long) shape.out() * Float.BYTES);
        }
      }
    }
  }
}
