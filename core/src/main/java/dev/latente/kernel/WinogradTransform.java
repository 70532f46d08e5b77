package dev.latente.kernel;

import static dev.latente.kernel.Lanes.load;
import static dev.latente.kernel.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The transforms of Winograd's convolution F(4×4, 3×3): Lavin & Gray (2016), [section
/// 4.3](https://arxiv.org/abs/1509.09308), for pixels with their channels side by side.
///
/// A tile is 6×6 pixels of the input that give 4×4 of the output, and 36 numbers of each channel in
/// between, which are multiplied by as many of the weights. The points of interpolation are 0, ±1,
/// ±2 and ∞.
final class WinogradTransform {
  /// Side of a tile of the input.
  static final int IN = 6;

  /// Side of a tile of the output.
  static final int OUT = 4;

  /// Products in the transformed domain.
  static final int POINTS = IN * IN;

  /// Numbers of a weight.
  static final int TAPS = 9;

  private static final VectorSpecies<Float> LANES = Lanes.SPECIES;
  private static final int VECTOR = Lanes.BYTES;

  /// Room that the transforms need, in bytes.
  static final int SCRATCH = POINTS * VECTOR;

  /// Tiles, or rows of weights, that are transformed side by side before they are
  /// [spread][#spread].
  static final int GROUP = 4;

  private WinogradTransform() {}

  /// Moves each point's `bytes` bytes from one after another at `near` to `stride` bytes apart.
  ///
  /// Writing to 36 far places by turns takes three times as long as writing near and moving.
  static void spread(long near, long bytes, long to, long stride) {
    for (int point = 0; point < POINTS; point++) {
      Lanes.copy(near + point * bytes, to + point * stride, bytes);
    }
  }

  /// `G g Gᵀ` of the weights of one output channel.
  ///
  /// @param taps nine planes of a number for each channel of the input
  /// @param to where the first of 36 numbers of the first channel goes
  /// @param stride bytes from one of the 36 to the next
  /// @param channels a multiple of the vector's lanes
  /// @param scratch address of [#SCRATCH] bytes
  static void weights(float[] taps, long to, long stride, int channels, long scratch) {
    for (int c = 0; c < channels; c += Lanes.COUNT) {
      for (int x = 0; x < 3; x++) {
        weightLine(
            FloatVector.fromArray(LANES, taps, c + x * channels),
            FloatVector.fromArray(LANES, taps, c + (x + 3) * channels),
            FloatVector.fromArray(LANES, taps, c + (x + 6) * channels),
            scratch + (long) x * VECTOR,
            3L * VECTOR);
      }
      for (int y = 0; y < IN; y++) {
        long row = scratch + 3L * y * VECTOR;
        weightLine(
            load(row),
            load(row + VECTOR),
            load(row + 2L * VECTOR),
            to + 6L * y * stride + c * (long) Float.BYTES,
            stride);
      }
    }
  }

  /// Lays `[channels, 9]` as `[9, channels]`.
  static void planes(float[] taps, int channels, float[] to) {
    for (int tap = 0; tap < TAPS; tap++) {
      for (int c = 0; c < channels; c++) {
        to[tap * channels + c] = taps[c * TAPS + tap];
      }
    }
  }

  // The rows of G: (1/4 0 0), (-1/6 -1/6 -1/6), (-1/6 1/6 -1/6), (1/24 1/12 1/6), (1/24 -1/12 1/6),
  // (0 0 1).
  private static void weightLine(
      FloatVector g0, FloatVector g1, FloatVector g2, long to, long stride) {
    FloatVector ends = g0.add(g2).mul(-1 / 6F);
    FloatVector middle = g1.mul(1 / 6F);
    FloatVector far = g0.mul(1 / 24F).add(g2.mul(1 / 6F));
    FloatVector half = g1.mul(1 / 12F);
    store(to, g0.mul(0.25F));
    store(to + stride, ends.sub(middle));
    store(to + 2 * stride, ends.add(middle));
    store(to + 3 * stride, far.add(half));
    store(to + 4 * stride, far.sub(half));
    store(to + 5 * stride, g2);
  }

  /// `Bᵀ d B` of one tile.
  ///
  /// @param pixels addresses of the tile's 36 pixels, row by row
  /// @param to where the first of 36 numbers of the first channel goes
  /// @param stride bytes from one of the 36 to the next
  /// @param channels a multiple of the vector's lanes
  /// @param scratch address of [#SCRATCH] bytes
  static void input(long[] pixels, long to, long stride, int channels, long scratch) {
    long bytes = channels * 4L;
    for (long c = 0; c < bytes; c += VECTOR) {
      for (int x = 0; x < IN; x++) {
        inputLine(
            load(pixels[x] + c),
            load(pixels[6 + x] + c),
            load(pixels[12 + x] + c),
            load(pixels[18 + x] + c),
            load(pixels[24 + x] + c),
            load(pixels[30 + x] + c),
            scratch + (long) x * VECTOR,
            6L * VECTOR);
      }
      for (int y = 0; y < IN; y++) {
        long row = scratch + 6L * y * VECTOR;
        inputLine(
            load(row),
            load(row + VECTOR),
            load(row + 2L * VECTOR),
            load(row + 3L * VECTOR),
            load(row + 4L * VECTOR),
            load(row + 5L * VECTOR),
            to + 6L * y * stride + c,
            stride);
      }
    }
  }

  // The rows of Bᵀ: (4 0 -5 0 1 0), (0 -4 -4 1 1 0), (0 4 -4 -1 1 0), (0 -2 -1 2 1 0),
  // (0 2 -1 -2 1 0), (0 4 0 -5 0 1).
  private static void inputLine(
      FloatVector d0,
      FloatVector d1,
      FloatVector d2,
      FloatVector d3,
      FloatVector d4,
      FloatVector d5,
      long to,
      long stride) {
    FloatVector minus5 = FloatVector.broadcast(LANES, -5F);
    FloatVector plus4 = FloatVector.broadcast(LANES, 4F);
    FloatVector minus4 = FloatVector.broadcast(LANES, -4F);
    FloatVector e = minus4.fma(d2, d4);
    FloatVector f = minus4.fma(d1, d3);
    FloatVector g = d4.sub(d2);
    FloatVector h = d3.sub(d1);
    FloatVector h2 = h.add(h);
    store(to, plus4.fma(d0, minus5.fma(d2, d4)));
    store(to + stride, e.add(f));
    store(to + 2 * stride, e.sub(f));
    store(to + 3 * stride, g.add(h2));
    store(to + 4 * stride, g.sub(h2));
    store(to + 5 * stride, plus4.fma(d1, minus5.fma(d3, d5)));
  }

  /// `Aᵀ m A` of one tile, plus the bias.
  ///
  /// @param from the first of 36 numbers of the first channel
  /// @param stride bytes from one of the 36 to the next
  /// @param pixels addresses of the tile's 16 pixels of the output, row by row
  /// @param channels a multiple of the vector's lanes
  /// @param bias address of one number for each channel
  /// @param scratch address of [#SCRATCH] bytes
  static void output(long from, long stride, long[] pixels, int channels, long bias, long scratch) {
    long bytes = channels * 4L;
    FloatVector c4 = FloatVector.broadcast(LANES, 4F);
    FloatVector c8 = FloatVector.broadcast(LANES, 8F);
    for (long c = 0; c < bytes; c += VECTOR) {
      for (int x = 0; x < IN; x++) {
        long s = from + x * stride + c;
        FloatVector m5 = load(s + 30 * stride);
        outputLine(s, 6 * stride, m5, scratch + (long) x * VECTOR, c4, c8);
      }
      FloatVector b = load(bias + c);
      for (int y = 0; y < OUT; y++) {
        long s = scratch + 6L * y * VECTOR;
        FloatVector m1 = load(s + VECTOR);
        FloatVector m2 = load(s + 2L * VECTOR);
        FloatVector m3 = load(s + 3L * VECTOR);
        FloatVector m4 = load(s + 4L * VECTOR);
        FloatVector even = m1.add(m2).add(b);
        FloatVector odd = m1.sub(m2).add(b);
        FloatVector far = m3.add(m4);
        FloatVector farOdd = m3.sub(m4);
        store(pixels[4 * y] + c, load(s).add(even).add(far));
        store(pixels[4 * y + 1] + c, farOdd.add(farOdd).add(odd));
        store(pixels[4 * y + 2] + c, c4.fma(far, even));
        store(pixels[4 * y + 3] + c, c8.fma(farOdd, odd).add(load(s + 5L * VECTOR)));
      }
    }
  }

  // The rows of Aᵀ: (1 1 1 1 1 0), (0 1 -1 2 -2 0), (0 1 1 4 4 0), (0 1 -1 8 -8 1).
  private static void outputLine(
      long from, long stride, FloatVector m5, long to, FloatVector c4, FloatVector c8) {
    FloatVector m1 = load(from + stride);
    FloatVector m2 = load(from + 2 * stride);
    FloatVector m3 = load(from + 3 * stride);
    FloatVector m4 = load(from + 4 * stride);
    FloatVector even = m1.add(m2);
    FloatVector odd = m1.sub(m2);
    FloatVector far = m3.add(m4);
    FloatVector farOdd = m3.sub(m4);
    store(to, load(from).add(even).add(far));
    store(to + 6L * VECTOR, farOdd.add(farOdd).add(odd));
    store(to + 12L * VECTOR, c4.fma(far, even));
    store(to + 18L * VECTOR, c8.fma(farOdd, odd).add(m5));
  }
}
