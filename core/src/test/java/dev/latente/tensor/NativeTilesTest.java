package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.TileNumbers;
import dev.latente.kernel.TileProduct.Job;
import dev.latente.kernel.TileProduct.Series;
import dev.latente.kernel.TileShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sums in double of the same numbers are the measure.
class NativeTilesTest {
  private static final long PAGE = 4096;
  private static final int PARTS = 2;

  private final Random numbers = new Random(1);

  @BeforeEach
  void productsAreHere() {
    assumeThat(NativeTiles.here()).isPresent();
  }

  // Steps of one call and of several; the last numbers of rows are not read.
  @ParameterizedTest
  @CsvSource({
    "HALVES, 1, 32, 1, false",
    "HALVES, 32, 64, 18, false",
    "HALVES, 70, 96, 19, true",
    "HALVES, 33, 32, 40, false",
    "LINE, 5, 48, 3, false",
    "LINE, 17, 96, 37, true",
    "PLAIN, 40, 64, 4, false",
    "PLAIN, 64, 32, 20, true",
  })
  void sumsAreThoseOfAllSteps(TileShape shape, int rows, int columns, int steps, boolean add) {
    assumeThat(here().code().form()).isEqualTo(TileNumbers.HALVES);
    int parts = parts(shape);
    int deep = steps * TileShape.DEEP;
    int lines = shape.padded(rows) + 1;
    long low = (long) lines * TileShape.DEEP * Short.BYTES;
    long[] places = LongStream.range(0, steps).map(step -> step * parts * low).toArray();
    float[][][] a = random(parts, rows, deep);
    float[][][] b = random(parts, columns, deep);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment left = arena.allocate(steps * parts * low, PAGE);
      MemorySegment right = arena.allocate(shape.bytes(columns, steps), PAGE);
      MemorySegment y = arena.allocate((long) shape.padded(rows) * columns * Float.BYTES, PAGE);
      for (int part = 0; part < parts; part++) {
        for (int k = 0; k < deep; k++) {
          int step = k / TileShape.DEEP;
          int within = k % TileShape.DEEP;
          for (int row = 0; row < rows; row++) {
            long at = places[step] + part * low + row * 64L + within * 2L;
            put(left, at, a[part][row][k]);
          }
          for (int column = 0; column < columns; column++) {
            long tile = shape.tile(column, step, steps) + part * shape.lowHalf();
            long at = tile + within / 2 * 64L + column % TileShape.SIDE * 4L + within % 2 * 2L;
            put(right, at, b[part][column][k]);
          }
        }
      }
      for (int i = 0; i < rows * columns; i++) {
        y.setAtIndex(ValueLayout.JAVA_FLOAT, i, 3);
      }
      here()
          .multiply(
              new Job(
                  shape,
                  left.address(),
                  low,
                  places,
                  right.address(),
                  y.address(),
                  rows,
                  columns,
                  Series.across(shape, columns, steps),
                  add));
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          double wanted = add ? 3 : 0;
          for (int k = 0; k < deep; k++) {
            wanted += (double) a[0][row][k] * b[0][column][k];
            if (parts == PARTS) {
              wanted += (double) a[0][row][k] * b[1][column][k];
              wanted += (double) a[1][row][k] * b[0][column][k];
            }
          }
          // sums of f32 up to 100, of some thousand terms
          assertThat((double) y.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * columns + column))
              .isCloseTo(wanted, within(2e-4));
        }
      }
    }
  }

  // Rows that are a multiple of eight and others, steps of one call and of several; a series of
  // products, each with rows of its own.
  @ParameterizedTest
  @CsvSource({
    "HALVES, 1, 1, 1, false",
    "HALVES, 8, 2, 8, false",
    "HALVES, 70, 3, 19, true",
    "LINE, 5, 1, 3, false",
    "LINE, 17, 2, 17, true",
    "PLAIN, 40, 2, 3, false",
    "PLAIN, 64, 1, 20, true",
  })
  void sumsOfNumbersAsTheyAre(TileShape shape, int rows, int series, int steps, boolean add) {
    int parts = parts(shape);
    int line = TileShape.SIDE;
    int deep = steps * parts * line;
    int wide = shape == TileShape.LINE ? 48 : 32;
    int columns = series * wide;
    long low = (shape.padded(rows) + 1) * 64L;
    long[] places = LongStream.range(0, steps).map(step -> step * parts * low).toArray();
    long left = steps * parts * low;
    float[][][] a = random(series, rows, deep);
    float[][][] b = random(1, columns, deep);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocate(series * left, PAGE);
      MemorySegment weights = arena.allocate(shape.bytes(columns, steps), PAGE);
      MemorySegment y = arena.allocate((long) shape.padded(rows) * columns * Float.BYTES, PAGE);
      for (int k = 0; k < deep; k++) {
        int step = k / line / parts;
        int part = k / line % parts;
        int within = k % line;
        for (int which = 0; which < series; which++) {
          for (int row = 0; row < rows; row++) {
            long at = which * left + places[step] + part * low + row * 64L + within * 4L;
            x.set(ValueLayout.JAVA_FLOAT, at, a[which][row][k]);
          }
        }
        for (int column = 0; column < columns; column++) {
          long tile = shape.tile(column, step, steps) + part * shape.lowHalf();
          long at = tile + within * 64L + column % TileShape.SIDE * 4L;
          weights.set(ValueLayout.JAVA_FLOAT, at, b[0][column][k]);
        }
      }
      for (int i = 0; i < rows * columns; i++) {
        y.setAtIndex(ValueLayout.JAVA_FLOAT, i, 3);
      }
      Series across = new Series(series, left, shape.bytes(wide, steps), (long) wide * Float.BYTES);
      new NativeTiles(TileNumbers.WHOLE, false)
          .multiply(
              new Job(
                  shape,
                  x.address(),
                  low,
                  places,
                  weights.address(),
                  y.address(),
                  rows,
                  columns,
                  across,
                  add));
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          double wanted = add ? 3 : 0;
          for (int k = 0; k < deep; k++) {
            wanted += (double) a[column / wide][row][k] * b[0][column][k];
          }
          assertThat((double) y.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * columns + column))
              .isCloseTo(wanted, within(2e-4));
        }
      }
    }
  }

  private static NativeTiles here() {
    return NativeTiles.here().orElseThrow();
  }

  private static int parts(TileShape shape) {
    return shape == TileShape.PLAIN ? 1 : PARTS;
  }

  /// Numbers that bf16 has.
  private float[][][] random(int parts, int rows, int count) {
    float[][][] all = new float[parts][rows][count];
    for (float[][] part : all) {
      for (float[] row : part) {
        for (int i = 0; i < count; i++) {
          int bits = Float.floatToRawIntBits((float) numbers.nextGaussian());
          row[i] = Float.intBitsToFloat(bits & 0xffff0000);
        }
      }
    }
    return all;
  }

  private static void put(MemorySegment memory, long at, float number) {
    short bits = (short) (Float.floatToRawIntBits(number) >> Short.SIZE);
    memory.set(ValueLayout.JAVA_SHORT, at, bits);
  }
}
