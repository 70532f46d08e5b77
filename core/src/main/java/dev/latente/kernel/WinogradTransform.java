package dev.latente.kernel;

import static dev.latente.kernel.Lanes.load;
import static dev.latente.kernel.Lanes.store;

import java.nio.ByteOrder;
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

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /// Room that the transforms of so many channels need, in bytes. [#output] wants zeros in it.
  static long scratch(int channels) {
    return (long) POINTS * channels * Float.BYTES;
  }

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
  /// @param scratch address of [#scratch] bytes
  static void weights(float[] taps, long to, long stride, int channels, long scratch) {
    for (int c = 0; c < channels; c += Lanes.COUNT) {
      weights(taps, c, channels, to + c * (long) Float.BYTES, stride, scratch);
    }
  }

  /// `G g Gᵀ` of a vector's weights.
  ///
  /// @param taps of which those of the first tap begin at `first`, and of each other one `apart`
  ///   numbers behind the one before
  /// @param to where the first of 36 vectors goes
  /// @param stride bytes from one of the 36 to the next
  /// @param scratch address of [#scratch] bytes
  private static void weights(
      float[] taps, int first, int apart, long to, long stride, long scratch) {
    for (int x = 0; x < 3; x++) {
      weightLine(
          FloatVector.fromArray(LANES, taps, first + x * apart),
          FloatVector.fromArray(LANES, taps, first + (x + 3) * apart),
          FloatVector.fromArray(LANES, taps, first + (x + 6) * apart),
          scratch + (long) x * VECTOR,
          3L * VECTOR);
    }
    for (int y = 0; y < IN; y++) {
      long row = scratch + 3L * y * VECTOR;
      weightLine(
          load(row), load(row + VECTOR), load(row + 2L * VECTOR), to + 6L * y * stride, stride);
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
  /// @param scratch address of [#scratch] bytes
  static void input(long[] pixels, long to, long stride, int channels, long scratch) {
    long bytes = (long) channels * Float.BYTES;
    for (int x = 0; x < IN; x++) {
      inputLine(
          pixels[x],
          pixels[6 + x],
          pixels[12 + x],
          pixels[18 + x],
          pixels[24 + x],
          pixels[30 + x],
          scratch + x * bytes,
          6 * bytes,
          channels);
    }
    for (int y = 0; y < IN; y++) {
      long row = scratch + 6 * y * bytes;
      inputLine(
          row,
          row + bytes,
          row + 2 * bytes,
          row + 3 * bytes,
          row + 4 * bytes,
          row + 5 * bytes,
          to + 6 * y * stride,
          stride,
          channels);
    }
  }

  // The rows of Bᵀ: (4 0 -5 0 1 0), (0 -4 -4 1 1 0), (0 4 -4 -1 1 0), (0 -2 -1 2 1 0),
  // (0 2 -1 -2 1 0), (0 4 0 -5 0 1). Without helpers: what Java does not compile into
  // the loop makes an object of each vector.
  private static void inputLine(
      long x0, long x1, long x2, long x3, long x4, long x5, long y, long stride, int channels) {
    FloatVector minus5 = FloatVector.broadcast(LANES, -5F);
    FloatVector plus4 = FloatVector.broadcast(LANES, 4F);
    FloatVector minus4 = FloatVector.broadcast(LANES, -4F);
    for (int i = 0; i < channels; i += Lanes.COUNT) {
      long c = (long) i * Float.BYTES;
      FloatVector d0 = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, x0 + c, ORDER);
      FloatVector d1 = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, x1 + c, ORDER);
      FloatVector d2 = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, x2 + c, ORDER);
      FloatVector d3 = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, x3 + c, ORDER);
      FloatVector d4 = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, x4 + c, ORDER);
      FloatVector d5 = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, x5 + c, ORDER);
      FloatVector e = minus4.fma(d2, d4);
      FloatVector f = minus4.fma(d1, d3);
      FloatVector g = d4.sub(d2);
      FloatVector h = d3.sub(d1);
      FloatVector h2 = h.add(h);
      long to = y + c;
      plus4.fma(d0, minus5.fma(d2, d4)).intoMemorySegment(Lanes.MEMORY, to, ORDER);
      e.add(f).intoMemorySegment(Lanes.MEMORY, to + stride, ORDER);
      e.sub(f).intoMemorySegment(Lanes.MEMORY, to + 2 * stride, ORDER);
      g.add(h2).intoMemorySegment(Lanes.MEMORY, to + 3 * stride, ORDER);
      g.sub(h2).intoMemorySegment(Lanes.MEMORY, to + 4 * stride, ORDER);
      plus4.fma(d1, minus5.fma(d3, d5)).intoMemorySegment(Lanes.MEMORY, to + 5 * stride, ORDER);
    }
  }

  /// `Aᵀ m A` of one tile, plus the bias.
  ///
  /// @param from the first of 36 numbers of the first channel
  /// @param stride bytes from one of the 36 to the next
  /// @param pixels addresses of the tile's 16 pixels of the output, row by row
  /// @param channels a multiple of the vector's lanes
  /// @param bias address of one number for each channel
  /// @param scratch address of [#scratch] bytes
  static void output(long from, long stride, long[] pixels, int channels, long bias, long scratch) {
    long bytes = (long) channels * Float.BYTES;
    for (int x = 0; x < IN; x++) {
      long to = scratch + x * bytes;
      outputLine(
          from + x * stride,
          6 * stride,
          scratch + 24 * bytes, // zeros
          to,
          to + 6 * bytes,
          to + 12 * bytes,
          to + 18 * bytes,
          channels);
    }
    for (int y = 0; y < OUT; y++) {
      outputLine(
          scratch + 6 * y * bytes,
          bytes,
          bias,
          pixels[4 * y],
          pixels[4 * y + 1],
          pixels[4 * y + 2],
          pixels[4 * y + 3],
          channels);
    }
  }

  // The rows of Aᵀ: (1 1 1 1 1 0), (0 1 -1 2 -2 0), (0 1 1 4 4 0), (0 1 -1 8 -8 1).
  private static void outputLine(
      long x, long stride, long bias, long y0, long y1, long y2, long y3, int channels) {
    FloatVector c4 = FloatVector.broadcast(LANES, 4F);
    FloatVector c8 = FloatVector.broadcast(LANES, 8F);
    for (int i = 0; i < channels; i += Lanes.COUNT) {
      long c = (long) i * Float.BYTES;
      long from = x + c;
      FloatVector b = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, bias + c, ORDER);
      FloatVector m0 = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, from, ORDER);
      FloatVector m1 = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, from + stride, ORDER);
      FloatVector m2 = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, from + 2 * stride, ORDER);
      FloatVector m3 = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, from + 3 * stride, ORDER);
      FloatVector m4 = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, from + 4 * stride, ORDER);
      FloatVector m5 = FloatVector.fromMemorySegment(LANES, Lanes.MEMORY, from + 5 * stride, ORDER);
      FloatVector even = m1.add(m2).add(b);
      FloatVector odd = m1.sub(m2).add(b);
      FloatVector far = m3.add(m4);
      FloatVector farOdd = m3.sub(m4);
      m0.add(even).add(far).intoMemorySegment(Lanes.MEMORY, y0 + c, ORDER);
      farOdd.add(farOdd).add(odd).intoMemorySegment(Lanes.MEMORY, y1 + c, ORDER);
      c4.fma(far, even).intoMemorySegment(Lanes.MEMORY, y2 + c, ORDER);
      c8.fma(farOdd, odd).add(m5).intoMemorySegment(Lanes.MEMORY, y3 + c, ORDER);
    }
  }
}
