package dev.latente.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.ScoreWeights.Job;
import dev.latente.kernel.TileNumbers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The measure is the same in double.
class NativeScoresTest {
  private static final int CHUNK = 32;
  private static final int HALF = CHUNK / 2;
  private static final double PART = 3e-7;

  private final Random numbers = new Random(1);

  @BeforeEach
  void tilesAreHere() {
    assumeThat(NativeTiles.here()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"1, 32, 16, 1", "5, 96, 48, 2", "128, 512, 160, 3", "3, 77, 32, 2", "3, 33, 32, 2"})
  void weightsAreThoseOfAllScores(int rows, int keys, int wide, int blocks) {
    NativeTiles tiles = new NativeTiles(TileNumbers.HALVES, false); // no product is made
    long low = (rows | 1) * 64L;
    int length = Math.ceilDiv(keys, CHUNK) * CHUNK;
    double[][] found = new double[rows][wide];
    double[] totals = new double[rows];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment scores = floats(arena, rows * length);
      MemorySegment greatest = floats(arena, rows);
      MemorySegment sums = floats(arena, rows * wide);
      MemorySegment total = floats(arena, rows);
      MemorySegment to = arena.allocate(2 * low * (length / CHUNK), 64);
      double[] most = new double[rows];
      for (int i = 0; i < rows; i++) {
        most[i] = -1e30;
        greatest.setAtIndex(JAVA_FLOAT, i, -1e30F);
      }
      for (int block = 0; block < blocks; block++) {
        for (int i = 0; i < rows * length; i++) {
          float score = (float) numbers.nextGaussian() * 30 + block * 10;
          scores.setAtIndex(JAVA_FLOAT, i, i % length < keys ? score : Float.NaN);
        }
        scores.setAtIndex(JAVA_FLOAT, 0, -1e30F);
        tiles
            .code()
            .scores()
            .weigh(
                new Job(
                    scores.address(),
                    rows,
                    keys,
                    greatest.address(),
                    total.address(),
                    sums.address(),
                    block == 0 ? 0 : wide,
                    to.address(),
                    low));
        for (int i = 0; i < rows; i++) {
          double before = most[i];
          for (int key = 0; key < keys; key++) {
            most[i] = Math.max(most[i], Math.ceil(score(scores, i * length + key)));
          }
          assertThat((double) greatest.getAtIndex(JAVA_FLOAT, i)).isEqualTo(most[i]);
          double correction = Math.pow(2, before - most[i]);
          totals[i] *= correction;
          for (int key = 0; key < keys; key++) {
            double weight = Math.pow(2, score(scores, i * length + key) - most[i]);
            totals[i] += weight;
            assertThat(written(to, i, key, low))
                .isCloseTo(weight, within(weight * 0x1p-16 + 1e-37));
          }
          for (int key = keys; key < length; key++) {
            assertThat(written(to, i, key, low)).isLessThan(1e-37);
          }
          assertThat((double) total.getAtIndex(JAVA_FLOAT, i))
              .isCloseTo(totals[i], within(totals[i] * PART * blocks));
          for (int column = 0; column < wide; column++) {
            found[i][column] *= correction;
            int at = i * wide + column;
            if (block > 0) {
              assertThat((double) sums.getAtIndex(JAVA_FLOAT, at))
                  .isCloseTo(found[i][column], within(Math.abs(found[i][column]) * PART + 1e-37));
            }
            float number = (float) numbers.nextGaussian();
            sums.setAtIndex(JAVA_FLOAT, at, number);
            found[i][column] = number;
          }
        }
      }
    }
  }

  private static MemorySegment floats(Arena arena, int count) {
    return arena.allocate((long) count * Float.BYTES, 64);
  }

  private static double score(MemorySegment scores, int index) {
    return scores.getAtIndex(JAVA_FLOAT, index);
  }

  private static double written(MemorySegment to, int row, int key, long low) {
    long chunk = key / CHUNK * 2 * low + row * 64L;
    long at = chunk + key % HALF * 4L + key % CHUNK / HALF * 2L;
    return half(to, at) + half(to, at + low);
  }

  private static double half(MemorySegment memory, long at) {
    return Float.intBitsToFloat(memory.get(JAVA_SHORT, at) << Short.SIZE);
  }
}
