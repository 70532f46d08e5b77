package dev.latente.kernel;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Some numbers of 16 rows of weights as 16 columns in f32, whatever they are stored as. Not
/// thread-safe.
///
/// A square of 16×16 words of 32 bits, each a number in f32 or two in fewer bits, is turned by
/// exchanging words between rows 8, 4, 2 and 1 apart. That takes a fifth of the time of gathering
/// each column's words.
final class WeightColumns {
  /// Columns.
  static final int WIDE = 16;

  private static final int WORDS = WIDE;
  private static final long ROW = (long) WORDS * Integer.BYTES;
  private static final int BF16_SHIFT = 16;

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  // Of two rows so far apart, what each is then made of: lanes of the first, then of the second.
  private static final IntVector UPPER_8 = upper(8);
  private static final IntVector LOWER_8 = lower(8);
  private static final IntVector UPPER_4 = upper(4);
  private static final IntVector LOWER_4 = lower(4);
  private static final IntVector UPPER_2 = upper(2);
  private static final IntVector LOWER_2 = lower(2);
  private static final IntVector UPPER_1 = upper(1);
  private static final IntVector LOWER_1 = lower(1);

  // The first of each word's two numbers, then the second.
  private static final VectorShuffle<Short> APART =
      VectorShuffle.fromOp(SHORTS, lane -> lane % WIDE * 2 + lane / WIDE);

  private static final int[] ALL = IntStream.range(0, WIDE).toArray();

  private final Workspace words = new Workspace();
  private final Workspace codes = new Workspace();
  private final short[] bits;
  private final float[] numbers;

  /// Room for `most` numbers of each row, a multiple of 32.
  WeightColumns(int most) {
    bits = new short[most * WIDE];
    numbers = new float[most * WIDE];
  }

  private static IntVector upper(int apart) {
    return indices(lane -> (lane & apart) == 0 ? lane : lane - apart + WORDS);
  }

  private static IntVector lower(int apart) {
    return indices(lane -> (lane & apart) == 0 ? lane + apart : lane + WORDS);
  }

  private static IntVector indices(IntUnaryOperator source) {
    return IntVector.fromArray(INTS, IntStream.range(0, WORDS).map(source).toArray(), 0);
  }

  /// The numbers `from` to `from + count` of each row, `[count, 16]`, until the next call.
  ///
  /// @param weights of which the numbers are, not in strips
  /// @param rows which 16
  /// @param count a multiple of 32
  float[] of(WeightMatrix weights, int[] rows, int from, int count) {
    if (weights.coded().isPresent()) {
      return of(decoded(weights, weights.coded().get(), rows, from, count), ALL, 0, count);
    }
    int pairs = squares(weights, count) * WORDS / 2;
    long square = turned(weights, rows, from, count);
    if (weights.format() == WeightMatrix.Format.F32) {
      exchangeLast(square, pairs, numbers);
    } else {
      exchangeLast(square, pairs, bits);
      widen(weights.format(), count);
    }
    Reference.reachabilityFence(this);
    return numbers;
  }

  /// The numbers `from` to `from + count` of some rows alone, until the next call.
  private WeightMatrix decoded(
      WeightMatrix weights, CodedNumbers coded, int[] rows, int from, int count) {
    long bytes = (long) count * Float.BYTES;
    long to = codes.atLeast(WIDE * bytes);
    for (int i = 0; i < WIDE; i++) {
      coded.read((long) rows[i] * weights.length() + from, count, to + i * bytes);
    }
    return new WeightMatrix(to, count, WeightMatrix.Format.F32);
  }

  /// Writes the numbers `from` to `from + count` of the 16 rows from `row` on, `[count, 16]`, as
  /// they are stored, in 16 bits.
  ///
  /// @param count a multiple of 32
  void turn(WeightMatrix weights, int row, int from, int count, long to) {
    int[] rows = IntStream.range(row, row + WIDE).toArray();
    long square = turned(weights, rows, from, count);
    exchangeLast(square, squares(weights, count) * WORDS / 2, bits);
    MemorySegment.copy(bits, 0, Lanes.MEMORY, JAVA_SHORT, to, count * WIDE);
    Reference.reachabilityFence(this);
  }

  /// Where squares are of which only neighbouring rows are still to be exchanged.
  private long turned(WeightMatrix weights, int[] rows, int from, int count) {
    int squares = squares(weights, count);
    long square = words.atLeast(squares * WORDS * ROW);
    for (int i = 0; i < WORDS / 2; i++) {
      exchangeFar(
          weights.address(rows[i], from),
          weights.address(rows[i + WORDS / 2], from),
          squares,
          square + i * ROW);
    }
    exchange4(square, squares * WORDS / 2);
    exchange2(square, squares * WORDS / 2);
    return square;
  }

  /// Squares of words that `count` numbers of 16 rows fill.
  private static int squares(WeightMatrix weights, int count) {
    return count * weights.format().bytes() / (WORDS * Integer.BYTES);
  }

  private void widen(WeightMatrix.Format format, int count) {
    if (format == WeightMatrix.Format.F16) {
      widenF16(bits, numbers, count * WIDE);
    } else {
      widenBf16(bits, numbers, count * WIDE);
    }
  }

  /// Exchanges words of two rows of each square, 8 apart.
  private static void exchangeFar(long first, long second, int squares, long to) {
    for (int i = 0; i < squares; i++) {
      IntVector a = IntVector.fromMemorySegment(INTS, Lanes.MEMORY, first + i * ROW, ORDER);
      IntVector b = IntVector.fromMemorySegment(INTS, Lanes.MEMORY, second + i * ROW, ORDER);
      long at = to + i * WORDS * ROW;
      UPPER_8.selectFrom(a, b).intoMemorySegment(Lanes.MEMORY, at, ORDER);
      LOWER_8.selectFrom(a, b).intoMemorySegment(Lanes.MEMORY, at + WORDS / 2 * ROW, ORDER);
    }
  }

  private static void exchange4(long square, int pairs) {
    for (int i = 0; i < pairs; i++) {
      long at = square + (i + (i & -4)) * ROW;
      IntVector a = IntVector.fromMemorySegment(INTS, Lanes.MEMORY, at, ORDER);
      IntVector b = IntVector.fromMemorySegment(INTS, Lanes.MEMORY, at + 4 * ROW, ORDER);
      UPPER_4.selectFrom(a, b).intoMemorySegment(Lanes.MEMORY, at, ORDER);
      LOWER_4.selectFrom(a, b).intoMemorySegment(Lanes.MEMORY, at + 4 * ROW, ORDER);
    }
  }

  private static void exchange2(long square, int pairs) {
    for (int i = 0; i < pairs; i++) {
      long at = square + (i + (i & -2)) * ROW;
      IntVector a = IntVector.fromMemorySegment(INTS, Lanes.MEMORY, at, ORDER);
      IntVector b = IntVector.fromMemorySegment(INTS, Lanes.MEMORY, at + 2 * ROW, ORDER);
      UPPER_2.selectFrom(a, b).intoMemorySegment(Lanes.MEMORY, at, ORDER);
      LOWER_2.selectFrom(a, b).intoMemorySegment(Lanes.MEMORY, at + 2 * ROW, ORDER);
    }
  }

  /// Exchanges words of neighbouring rows, of two numbers each, and parts these.
  private static void exchangeLast(long square, int pairs, short[] to) {
    for (int i = 0; i < pairs; i++) {
      long at = square + 2 * i * ROW;
      IntVector a = IntVector.fromMemorySegment(INTS, Lanes.MEMORY, at, ORDER);
      IntVector b = IntVector.fromMemorySegment(INTS, Lanes.MEMORY, at + ROW, ORDER);
      UPPER_1.selectFrom(a, b).reinterpretAsShorts().rearrange(APART).intoArray(to, 4 * i * WORDS);
      LOWER_1
          .selectFrom(a, b)
          .reinterpretAsShorts()
          .rearrange(APART)
          .intoArray(to, (4 * i + 2) * WORDS);
    }
  }

  private static void exchangeLast(long square, int pairs, float[] to) {
    for (int i = 0; i < pairs; i++) {
      long at = square + 2 * i * ROW;
      IntVector a = IntVector.fromMemorySegment(INTS, Lanes.MEMORY, at, ORDER);
      IntVector b = IntVector.fromMemorySegment(INTS, Lanes.MEMORY, at + ROW, ORDER);
      UPPER_1.selectFrom(a, b).reinterpretAsFloats().intoArray(to, 2 * i * WORDS);
      LOWER_1.selectFrom(a, b).reinterpretAsFloats().intoArray(to, (2 * i + 1) * WORDS);
    }
  }

  private static void widenF16(short[] bits, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = Float.float16ToFloat(bits[i]);
    }
  }

  private static void widenBf16(short[] bits, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = Float.intBitsToFloat(bits[i] << BF16_SHIFT);
    }
  }
}
