package dev.latente.kernel;

import dev.latente.kernel.WeightPanel.Taps;
import java.lang.ref.Reference;
import java.util.stream.IntStream;

/// Convolutions of 3×3 with padding 1 by [TiledSums]: each tap is a product of rows of pixels.
/// Where there are enough of these those with stride 1 go by [TiledWinograd].
///
/// All pictures are one tall one, with a line of zeros before each and behind the last, and a zero
/// behind each line, which is also the one before the next; results for these are thrown away. With
/// stride 2 there are four such, of the pixels in even lines and columns, in even lines and odd
/// columns, and so on: in each of them all pixels that a tap meets lie side by side.
public final class TiledConvolution {
  /// Both numbers of channels must be multiples of this.
  public static final int MULTIPLE = Halves.CHUNK;

  private static final int SIDE = 3;
  private static final int PHASES = 4;

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
    if (TiledWinograd.suits(shape, code.form())) {
      TiledWinograd.convolve(shape, x, weight, more, y, code, threads);
      return;
    }
    Parallel parallel = new Parallel(threads);
    Frame frame = new Frame(shape);
    Workspace workspace = Workspace.ofCaller();
    try {
      HalvedRows rows = frame.split(x, code.rows(), workspace, parallel);
      multiply(new TiledSums(rows, frame.taps(), weight, code), frame, more, y, parallel);
    } finally {
      Reference.reachabilityFence(workspace);
    }
  }

  /// Convolves with stride 2.
  ///
  /// @param shape of the output
  /// @param x address of `[N, height, width, in]`
  /// @param height twice the output's, or one less; and so is the width
  /// @param weight `[out, in · 9]`
  /// @param more what is added
  /// @param y address of `[N, H, W, out]`, overwritten
  /// @param code how to multiply and to lay weights out
  /// @param threads how many may be used
  public static void halve(
      Winograd.Shape shape,
      long x,
      int height,
      int width,
      WeightMatrix weight,
      Addends more,
      long y,
      MachineCode code,
      int threads) {
    Parallel parallel = new Parallel(threads);
    Frame frame = new Frame(shape);
    Apart apart = new Apart(frame, height, width);
    Workspace workspace = Workspace.ofCaller();
    try {
      HalvedRows rows = apart.split(x, code.rows(), workspace, parallel);
      multiply(new TiledSums(rows, apart.taps(), weight, code), frame, more, y, parallel);
    } finally {
      Reference.reachabilityFence(workspace);
    }
  }

  private static void multiply(
      TiledSums sums, Frame frame, Addends more, long y, Parallel parallel) {
    RowOutputs with = sums.code().outputs();
    int out = frame.shape().out();
    int wide = TiledAffine.columns(out, 1, CHANNELS);
    parallel.run(
        Math.ceilDiv(out, wide),
        index -> {
          int channel = index * wide;
          int channels = Math.min(wide, out - channel);
          Channels part = new Channels(channel, channels);
          sums.with(
              0,
              frame.lines() * frame.pitch() - 1,
              NEAR,
              channels,
              i -> channel + i,
              (at, from, count) -> frame.write(at, from, count, part, more, y, with));
        });
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

    Taps taps() {
      return new Taps(
          IntStream.range(0, SIDE * SIDE)
              .map(tap -> tap / SIDE * pitch() + tap % SIDE)
              .boxed()
              .toList());
    }

    /// Splits the input.
    HalvedRows split(long x, RowHalves with, Workspace workspace, Parallel parallel) {
      int count = (lines() + 2) * pitch() + 1;
      long bytes = HalvedRows.bytes(count, shape.in());
      HalvedRows rows = new HalvedRows(workspace.atLeast(bytes), count, shape.in());
      rows.clear(0);
      parallel.run(lines() + 2, line -> fill(rows, x, line, line * pitch() + 1, with));
      return rows;
    }

    private void fill(HalvedRows rows, long x, int line, int row, RowHalves with) {
      int h = line % tall() - 1;
      boolean inside = h >= 0 && h < shape.height();
      long pixel = (long) shape.in() * Float.BYTES;
      long from = x + ((long) line / tall() * shape.height() + h) * shape.width() * pixel;
      int count = inside ? shape.width() : 0;
      rows.fill(row, count, from, pixel, with);
      for (int i = count; i < pitch(); i++) {
        rows.clear(row + i);
      }
    }

    /// Writes what belongs to pixels of `count` sums, of which the first is the tall picture's
    /// `from`-th.
    void write(
        long sums, int from, int count, Channels part, Addends more, long y, RowOutputs with) {
      int done = 0;
      while (done < count) {
        int line = (from + done) / pitch();
        int left = (from + done) % pitch();
        int h = line % tall();
        if (h < shape.height() && left < shape.width()) {
          int picture = line / tall();
          long pixel = ((long) picture * shape.height() + h) * shape.width() + left;
          long to = pixel * shape.out() + part.from();
          with.add(
              new RowOutputs.Add(
                  sums + (long) done * part.count() * Float.BYTES,
                  Math.min(shape.width() - left, count - done),
                  part.count(),
                  more.bias(picture, part.from()),
                  more.other(to),
                  y + to * Float.BYTES,
                  (long) shape.out() * Float.BYTES));
        }
        done += pitch() - left;
      }
    }
  }

  /// The four tall pictures of a convolution with stride 2. Each begins with a line of zeros, and
  /// each line with a zero.
  ///
  /// @param frame of the output
  /// @param height of the input
  /// @param width of the input
  private record Apart(Frame frame, int height, int width) {
    /// Rows of one.
    private int rows() {
      return (frame.lines() + 1) * frame.pitch() + 1;
    }

    /// The middle tap meets even pixels, those beside it odd ones: the one before, or its own.
    Taps taps() {
      return new Taps(
          IntStream.range(0, SIDE * SIDE)
              .map(tap -> {
                int line = tap / SIDE;
                int column = tap % SIDE;
                int phase = (line + 1) % 2 * 2 + (column + 1) % 2;
                int behind = Math.min(line, 1) * frame.pitch() + Math.min(column, 1);
                return phase * rows() + behind;
              })
              .boxed()
              .toList());
    }

    HalvedRows split(long x, RowHalves with, Workspace workspace, Parallel parallel) {
      int count = PHASES * rows();
      long bytes = HalvedRows.bytes(count, frame.shape().in());
      HalvedRows rows = new HalvedRows(workspace.atLeast(bytes), count, frame.shape().in());
      int lines = frame.lines() + 1;
      parallel.run(PHASES * lines, piece -> fill(rows, x, piece / lines, piece % lines, with));
      for (int phase = 1; phase <= PHASES; phase++) {
        rows.clear(phase * rows() - 1);
      }
      return rows;
    }

    private void fill(HalvedRows rows, long x, int phase, int line, RowHalves with) {
      int h = (line % frame.tall() - 1) * 2 + phase / 2;
      boolean inside = h >= 0 && h < height;
      long pixel = (long) frame.shape().in() * Float.BYTES;
      long from = x + ((long) line / frame.tall() * height + h) * width * pixel;
      int row = phase * rows() + line * frame.pitch();
      int left = phase % 2;
      int count = inside ? Math.ceilDiv(width - left, 2) : 0;
      rows.clear(row);
      rows.fill(row + 1, count, from + left * pixel, 2 * pixel, with);
      for (int i = 1 + count; i < frame.pitch(); i++) {
        rows.clear(row + i);
      }
    }
  }
}
