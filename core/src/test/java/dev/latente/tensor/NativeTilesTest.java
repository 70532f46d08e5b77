package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

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
  void tilesAreHere() {
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
    int parts = shape == TileShape.PLAIN ? 1 : PARTS;
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
      NativeTiles.here()
          .orElseThrow()
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
