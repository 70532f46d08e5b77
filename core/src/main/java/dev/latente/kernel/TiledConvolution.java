package dev.latente.kernel;

import dev.latente.kernel.WeightPanel.Taps;
import java.lang.ref.Reference;

/// Convolutions of 3×3 with stride 1 and padding 1 by [TiledSums]: each tap is a product of rows of
/// pixels. Where there are enough of these they go by [TiledWinograd].
///
/// All pictures are one tall one, with a line of zeros before each and behind the last, and a zero
/// behind each line, which is also the one before the next; results for these are thrown away.
public final class TiledConvolution {
  /// Both numbers of channels must be multiples of this.
  public static final int MULTIPLE = Halves.CHUNK;

  private static final Taps TAPS = new Taps(3, 3);

  // Pixels that are multiplied at once, and channels of the output at most: so that what is at hand
  // fits in the caches beside a core.
  private static final int NEAR = 256;
  private static final int CHANNELS = 64;

  private TiledConvolution() {}

  /// Convolves.
  ///
  /// @param shape with channels that are multiples of [#MULTIPLE]
  /// @param x address of `[N, H, W, in]`
  /// @param weight `[out, in · 9]`
  /// @param more what is added
  /// @param y address of `[N, H, W, out]`, overwritten
  /// @param code how to multiply and to transform
  /// @param threads how many may be used
  public static void convolve(
      Winograd.Shape shape,
      long x,
      WeightMatrix weight,
      Addends more,
      long y,
      MachineCode code,
      int threads) {
    if (TiledWinograd.suits(shape)) {
      TiledWinograd.convolve(shape, x, weight, more, y, code, threads);
      return;
    }
    Parallel parallel = new Parallel(threads);
    Frame frame = new Frame(shape);
    int wide = TiledAffine.columns(shape.out(), 1, CHANNELS);
    Workspace workspace = Workspace.ofCaller();
    try {
      HalvedRows rows = frame.split(x, workspace, parallel);
      TiledSums sums = new TiledSums(rows, TAPS, frame.pitch(), weight, code);
      parallel.run(
          Math.ceilDiv(shape.out(), wide),
          index -> {
            int channel = index * wide;
            int channels = Math.min(wide, shape.out() - channel);
            Channels part = new Channels(channel, channels);
            sums.with(
                0,
                frame.lines() * frame.pitch() - 1,
                NEAR,
                channels,
                i -> channel + i,
                (at, from, count) -> frame.write(at, from, count, part, more, y));
          });
    } finally {
      Reference.reachabilityFence(workspace);
    }
  }

  /// The tall picture. It begins with a zero, the one before the first line.
  private record Frame(Winograd.Shape shape) {
    int pitch() {
      return shape.width() + 1;
    }

    private int tall() {
      return shape.height() + 1;
    }

    /// Lines of results, from the first picture's first to the last one's last.
    int lines() {
      return shape.pictures() * tall() - 1;
    }

    /// Splits the input.
    HalvedRows split(long x, Workspace workspace, Parallel parallel) {
      int count = (lines() + 2) * pitch() + 1;
      long bytes = HalvedRows.bytes(count, shape.in());
      HalvedRows rows = new HalvedRows(workspace.atLeast(bytes), count, shape.in());
      rows.clear(0);
      parallel.run(lines() + 2, line -> fill(rows, x, line, line * pitch() + 1));
      return rows;
    }

    private void fill(HalvedRows rows, long x, int line, int row) {
      int h = line % tall() - 1;
      boolean inside = h >= 0 && h < shape.height();
      long pixel = (long) shape.in() * Float.BYTES;
      long from = x + ((long) line / tall() * shape.height() + h) * shape.width() * pixel;
      for (int w = 0; w < pitch(); w++) {
        if (inside && w < shape.width()) {
          rows.fill(row + w, from + w * pixel);
        } else {
          rows.clear(row + w);
        }
      }
    }

    /// Writes what belongs to pixels of `count` sums, of which the first is the tall picture's
    /// `from`-th.
    void write(long sums, int from, int count, Channels part, Addends more, long y) {
      int done = 0;
      while (done < count) {
        int line = (from + done) / pitch();
        int left = (from + done) % pitch();
        int h = line % tall();
        if (h < shape.height() && left < shape.width()) {
          int picture = line / tall();
          long pixel = ((long) picture * shape.height() + h) * shape.width() + left;
          long to = pixel * shape.out() + part.from();
          TiledAffine.add(
              sums + (long) done * part.count() * Float.BYTES,
              Math.min(shape.width() - left, count - done),
              part.count(),
              more.bias(picture, part.from()),
              more.other(to),
              y + to * Float.BYTES,
              (long) shape.out() * Float.BYTES);
        }
        done += pitch() - left;
      }
    }
  }
}
