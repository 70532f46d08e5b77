package dev.latente.kernel;

import java.lang.ref.Reference;

/// The gradients of a group normalization by [Norm], with or without SiLU: the loss' derivatives by
/// `x`, the weight and the bias, given those by the result.
///
/// With `n = (x - mean) / deviation` of a group and `dz` the derivatives by what the SiLU is taken
/// of, `dx = (weight · dz - mean(weight · dz) - n · mean(weight · dz · n)) / deviation`, as for
/// batches in [Ioffe & Szegedy (2015)](https://arxiv.org/abs/1502.03167), section 3. Sums are in
/// f32 over a few pixels and in f64 over all; results do not depend on the number of threads.
public final class NormGradient {
  private NormGradient() {}

  /// What was done.
  ///
  /// @param size as it was for [Norm#normalize]
  /// @param x address of `[N, H · W, C]`
  /// @param units address of `[N, 2, C]`: [Norm#measure] of `x` with weights of 1 and biases of 0
  /// @param weight address of `[C]`
  /// @param bias address of `[C]`
  /// @param silu whether the SiLU was taken then
  public record Done(Norm.Size size, long x, long units, long weight, long bias, boolean silu) {}

  /// Where the derivatives go, all overwritten.
  ///
  /// @param x address of `[N, H · W, C]`
  /// @param weight address of `[C]`
  /// @param bias address of `[C]`
  public record Derivatives(long x, long weight, long bias) {}

  /// Writes the derivatives.
  ///
  /// @param dy address of `[N, H · W, C]`: those by the result
  /// @param threads how many may be used
  public static void find(Done done, long dy, Derivatives to, int threads) {
    Norm.Size size = done.size;
    long row = size.row();
    long dz = done.silu ? to.x : dy;
    Workspace workspace = Workspace.ofCaller();
    long sums = workspace.atLeast(2 * row * size.pieces() + 3 * row * size.samples());
    long lines = sums + 2 * row * size.pieces();
    try {
      Parallel parallel = new Parallel(threads);
      parallel.run(size.pieces(), i -> new Piece(done, i).sum(dy, dz, sums + i * 2L * row));
      gather(done, sums, lines, to);
      parallel.run(size.pieces(), i -> new Piece(done, i).combine(dz, lines, to.x));
    } finally {
      Reference.reachabilityFence(workspace);
    }
  }

  /// Neighbouring pixels of a sample.
  private record Piece(Done done, Norm.Block block) {
    Piece(Done done, int index) {
      this(done, Norm.Block.of(done.size, index));
    }

    /// Writes `dz`, if there was a SiLU, and its sums: of `dz`, then of `dz · n`.
    void sum(long dy, long dz, long sums) {
      Norm.Size size = done.size;
      long units = done.units + 2L * block.sample() * size.row();
      if (done.silu) {
        NormGradientLoops.silu(
            block.in(done.x),
            block.in(dy),
            vectors(),
            new NormGradientLoops.Lines(units, done.weight, done.bias, size.row()),
            block.in(dz));
      }
      NormGradientLoops.sums(
          block.in(dz), block.in(done.x), block.count(), units, size.row(), sums);
    }

    void combine(long dz, long lines, long dx) {
      long row = done.size.row();
      NormGradientLoops.combine(
          block.in(dz),
          block.in(done.x),
          vectors(),
          lines + 3L * block.sample() * row,
          row,
          block.in(dx));
    }

    private int vectors() {
      return block.count() * (done.size.channels() / Norm.LANES);
    }
  }

  /// Adds up the pieces' sums, into the derivatives by weights and biases and, for each sample and
  /// channel, the three factors of `dx = a · dz + b · x + c`.
  private static void gather(Done done, long sums, long lines, Derivatives to) {
    Norm.Size size = done.size;
    double[] shifts = new double[size.channels()];
    double[] slopes = new double[size.channels()];
    for (int n = 0; n < size.samples(); n++) {
      double[] shift = total(size, n, sums);
      double[] slope = total(size, n, sums + size.row());
      for (int group = 0; group < size.groups(); group++) {
        factors(done, n, group, shift, slope, lines + 3L * n * size.row());
      }
      for (int c = 0; c < size.channels(); c++) {
        shifts[c] += shift[c];
        slopes[c] += slope[c];
      }
    }
    for (int c = 0; c < size.channels(); c++) {
      Norm.set(to.weight + (long) c * Float.BYTES, (float) slopes[c]);
      Norm.set(to.bias + (long) c * Float.BYTES, (float) shifts[c]);
    }
  }

  /// The sum of each channel of a sample.
  private static double[] total(Norm.Size size, int sample, long sums) {
    double[] total = new double[size.channels()];
    for (int block = 0; block < size.blocks(); block++) {
      long from = sums + 2 * size.row() * ((long) sample * size.blocks() + block);
      for (int c = 0; c < total.length; c++) {
        total[c] += Norm.number(from + (long) c * Float.BYTES);
      }
    }
    return total;
  }

  private static void factors(
      Done done, int sample, int group, double[] shift, double[] slope, long to) {
    Norm.Size size = done.size;
    int first = group * size.inGroup();
    double shifted = 0;
    double sloped = 0;
    for (int c = first; c < first + size.inGroup(); c++) {
      double weight = Norm.number(done.weight + (long) c * Float.BYTES);
      shifted += weight * shift[c];
      sloped += weight * slope[c];
    }
    double count = (double) size.pixels() * size.inGroup();
    for (int c = first; c < first + size.inGroup(); c++) {
      long at = (long) c * Float.BYTES;
      long unit = done.units + 2L * sample * size.row() + at;
      double inverse = Norm.number(unit); // n = inverse · x + offset
      double offset = Norm.number(unit + size.row());
      double common = -inverse / count;
      Norm.set(to + at, (float) (inverse * Norm.number(done.weight + at)));
      Norm.set(to + size.row() + at, (float) (common * sloped * inverse));
      Norm.set(to + 2 * size.row() + at, (float) (common * (shifted + sloped * offset)));
    }
  }
}
