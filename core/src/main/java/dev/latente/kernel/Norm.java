package dev.latente.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/// Group normalization of maps whose channels lie side by side, [Wu & He
/// (2018)](https://arxiv.org/abs/1803.08494), and the SiLU that mostly follows it: `x` is read
/// twice, and the result written once.
///
/// SiLU is `x / (1 + e^-x)`, with a relative error of at most 5e-7, and `8e-8 · |x|` more below
/// zero, down to -87; what would be less than 1e-36 is not 0, but not above 1e-30 for numbers above
/// -1e6.
///
/// Means and variances are sums in f32 over a few pixels, relative to one of them, and in f64 over
/// all. Results do not depend on the number of threads.
public final class Norm {
  /// The number of channels must be a multiple of this.
  public static final int LANES = Lanes.COUNT;

  // Pixels of a piece of work, few enough for sums in f32.
  private static final int PIXELS = 128;
  private static final ValueLayout.OfFloat NUMBER = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ThreadLocal<Workspace> SUMS = ThreadLocal.withInitial(Workspace::new);

  private Norm() {}

  /// What is normalized.
  ///
  /// @param samples N
  /// @param pixels H · W
  /// @param channels C
  /// @param groups that divide the channels
  public record Size(int samples, int pixels, int channels, int groups) {
    int blocks() {
      return Math.ceilDiv(pixels, PIXELS);
    }

    int pieces() {
      return samples * blocks();
    }

    int inGroup() {
      return channels / groups;
    }

    long row() {
      return (long) channels * Float.BYTES;
    }
  }

  /// What a normalized number is multiplied by, and what is added then.
  ///
  /// @param weight address of `[C]`
  /// @param bias address of `[C]`
  /// @param epsilon added to each variance
  /// @param silu whether the SiLU is taken then
  public record Form(long weight, long bias, double epsilon, boolean silu) {}

  /// Normalizes, then perhaps takes the SiLU.
  ///
  /// @param size with channels that are a multiple of [#LANES]
  /// @param x address of `[N, H · W, C]`
  /// @param y address of the same, overwritten; may be `x`
  /// @param with how to walk
  /// @param threads how many may be used
  public static void normalize(Size size, long x, Form form, long y, NormSteps with, int threads) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment lines = arena.allocate(size.samples * 2 * size.row(), Lanes.BYTES);
      measure(size, x, form, lines.address(), with, threads);
      scale(size, x, lines.address(), form.silu, y, with, threads);
    }
  }

  /// Writes what each channel of each sample is to be multiplied by, and what is to be added then.
  ///
  /// @param size as for [#normalize]
  /// @param x address of `[N, H · W, C]`
  /// @param lines address of `[N, 2, C]`, overwritten
  /// @param with how to walk
  /// @param threads how many may be used
  public static void measure(
      Size size, long x, Form form, long lines, NormSteps with, int threads) {
    double[] moments = new double[size.pieces() * size.groups * 2];
    new Parallel(threads)
        .run(size.pieces(), piece -> Block.of(size, piece).measure(x, with, moments));
    for (int n = 0; n < size.samples; n++) {
      lines(size, n, moments, form, lines + 2 * n * size.row());
    }
  }

  /// Multiplies each channel's numbers and adds to them, which normalizes if means and variances
  /// are known, then takes the SiLU.
  ///
  /// @param size of any groups
  /// @param x address of `[N, H · W, C]`
  /// @param lines address of `[N, 2, C]`: factors, then what is added
  /// @param y address of the same as `x`, overwritten; may be `x`
  /// @param with how to walk
  /// @param threads how many may be used
  public static void scale(Size size, long x, long lines, long y, NormSteps with, int threads) {
    scale(size, x, lines, true, y, with, threads);
  }

  /// As the other, with or without the SiLU.
  public static void scale(
      Size size, long x, long lines, boolean silu, long y, NormSteps with, int threads) {
    new Parallel(threads)
        .run(size.pieces(), piece -> Block.of(size, piece).scale(x, lines, silu, y, with));
  }

  /// Writes what each channel of a sample is multiplied by, then what is added.
  private static void lines(Size size, int sample, double[] moments, Form form, long to) {
    double count = (double) size.pixels * size.inGroup();
    for (int group = 0; group < size.groups; group++) {
      double sum = 0;
      double squares = 0;
      for (int block = 0; block < size.blocks(); block++) {
        int at = ((sample * size.blocks() + block) * size.groups + group) * 2;
        sum += moments[at];
        squares += moments[at + 1];
      }
      double mean = sum / count;
      double variance = Math.max(squares / count - mean * mean, 0);
      double inverse = 1 / Math.sqrt(variance + form.epsilon);
      for (int i = 0; i < size.inGroup(); i++) {
        long at = (long) (group * size.inGroup() + i) * Float.BYTES;
        double scale = inverse * number(form.weight + at);
        set(to + at, (float) scale);
        set(to + size.row() + at, (float) (number(form.bias + at) - mean * scale));
      }
    }
  }

  /// Neighbouring pixels of a sample.
  record Block(Size size, int index, int sample, int first, int count) {
    static Block of(Size size, int index) {
      int first = index % size.blocks() * PIXELS;
      return new Block(
          size, index, index / size.blocks(), first, Math.min(PIXELS, size.pixels - first));
    }

    /// The address of these pixels in a map `[N, H · W, C]`.
    long in(long map) {
      return map + ((long) sample * size.pixels + first) * size.row();
    }

    /// Writes each group's sum and sum of squares.
    void measure(long x, NormSteps with, double[] moments) {
      Workspace workspace = SUMS.get();
      long row = size.row();
      long sums = workspace.atLeast(2 * row);
      try {
        Lanes.clear(sums, 2 * row);
        int quads = count / NormSteps.ROWS;
        if (quads > 0) {
          with.sums(in(x), quads, row, sums);
        }
        NormLoops.last(in(x), quads * NormSteps.ROWS, count, row, sums);
        for (int group = 0; group < size.groups; group++) {
          gather(in(x), sums, group, moments);
        }
      } finally {
        Reference.reachabilityFence(workspace);
      }
    }

    /// Adds up what a group's channels have, which is relative to the first pixel.
    private void gather(long x, long sums, int group, double[] moments) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < size.inGroup(); i++) {
        long at = (long) (group * size.inGroup() + i) * Float.BYTES;
        double shift = number(x + at);
        double s = number(sums + at);
        sum += s + count * shift;
        squares += number(sums + size.row() + at) + shift * (2 * s + count * shift);
      }
      int at = (index * size.groups + group) * 2;
      moments[at] = sum;
      moments[at + 1] = squares;
    }

    void scale(long x, long lines, boolean silu, long y, NormSteps with) {
      with.scale(in(x), count, lines + 2 * sample * size.row(), size.row(), silu, in(y));
    }
  }

  static double number(long address) {
    return Lanes.MEMORY.get(NUMBER, address);
  }

  static void set(long address, float value) {
    Lanes.MEMORY.set(NUMBER, address, value);
  }
}
