package dev.latente.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.LaneSteps;
import dev.latente.kernel.LaneSteps.Product;
import dev.latente.kernel.LaneSteps.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The measure is the same in double.
class NativeLanesTest {
  private static final int LANES = LaneSteps.QUERIES;
  private static final int QUERIES = 2 * LANES;
  private static final double PART = 3e-7;

  private final Random numbers = new Random(1);
  private final Arena arena = Arena.ofConfined();

  @BeforeEach
  void vectorsAreHere() {
    assumeThat(NativeTiles.here()).isPresent();
  }

  @AfterEach
  void close() {
    arena.close();
  }

  private MemorySegment floats(long count) {
    return arena.allocate(count * Float.BYTES, 64);
  }

  private MemorySegment random(long count) {
    MemorySegment all = floats(count);
    for (long i = 0; i < count; i++) {
      all.setAtIndex(JAVA_FLOAT, i, (float) numbers.nextGaussian());
    }
    return all;
  }

  /// The number of a query in panels, those of the other 16 queries `apart` numbers behind.
  private static double at(MemorySegment panels, long apart, int row, int query) {
    return panels.getAtIndex(
        JAVA_FLOAT, query / LANES * apart + (long) row * LANES + query % LANES);
  }

  @ParameterizedTest
  @CsvSource({"8, 8, false", "16, 24, true", "40, 40, false", "56, 256, true", "256, 160, false"})
  void sumsAreThoseOfAllProducts(int rows, int depth, boolean add) {
    int sixteens = Math.ceilDiv(rows, LANES);
    long gap = 3L * LANES; // what lies between panels is no matter
    MemorySegment a = random((long) sixteens * depth * LANES);
    MemorySegment b = random(2L * depth * LANES + gap);
    MemorySegment y = random(2L * rows * LANES + gap);
    long apartB = (long) depth * LANES + gap;
    long apartY = (long) rows * LANES + gap;
    double[][] wanted = new double[rows][QUERIES];
    double[][] sizes = new double[rows][QUERIES];
    for (int row = 0; row < rows; row++) {
      for (int query = 0; query < QUERIES; query++) {
        double sum = add ? at(y, apartY, row, query) : 0;
        for (int k = 0; k < depth; k++) {
          long place = ((long) row / LANES * depth + k) * LANES + row % LANES;
          double product = a.getAtIndex(JAVA_FLOAT, place) * at(b, apartB, k, query);
          sum += product;
          sizes[row][query] += Math.abs(product);
        }
        wanted[row][query] = sum;
      }
    }
    new NativeLanes()
        .multiply(
            new Product(
                a.address(),
                (long) depth * LANES * Float.BYTES,
                b.address(),
                apartB * Float.BYTES,
                depth,
                y.address(),
                apartY * Float.BYTES,
                rows,
                add));
    for (int row = 0; row < rows; row++) {
      for (int query = 0; query < QUERIES; query++) {
        assertThat(at(y, apartY, row, query))
            .isCloseTo(wanted[row][query], within(PART * (1 + sizes[row][query])));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"8, 16, 1", "37, 40, 2", "77, 24, 3", "256, 160, 3", "1, 8, 2"})
  void weightsAreThoseOfAllScores(int keys, int features, int blocks) {
    int padded = Math.ceilDiv(keys, 8) * 8;
    long apart = (long) padded * LANES;
    long foundApart = (long) features * LANES;
    MemorySegment greatest = floats(QUERIES);
    MemorySegment totals = floats(QUERIES);
    MemorySegment found = floats(2 * foundApart);
    double[] most = new double[QUERIES];
    double[] sums = new double[QUERIES];
    for (int query = 0; query < QUERIES; query++) {
      most[query] = -1e30;
      greatest.setAtIndex(JAVA_FLOAT, query, -1e30F);
    }
    for (int block = 0; block < blocks; block++) {
      MemorySegment scores = floats(2 * apart);
      double[][] given = new double[keys][QUERIES];
      for (int query = 0; query < QUERIES; query++) {
        for (int key = 0; key < padded; key++) {
          int from = Math.min(key, keys - 1); // the last one again where there are no more
          float score =
              from < key
                  ? (float) given[from][query]
                  : (float) numbers.nextGaussian() * 30 + block * 10;
          long place = query / LANES * apart + (long) key * LANES + query % LANES;
          scores.setAtIndex(JAVA_FLOAT, place, score);
          given[from][query] = score;
        }
      }
      MemorySegment before = random(2 * foundApart);
      found.copyFrom(before);
      new NativeLanes()
          .weigh(
              new Weights(
                  scores.address(),
                  apart * Float.BYTES,
                  keys,
                  padded,
                  greatest.address(),
                  totals.address(),
                  found.address(),
                  foundApart * Float.BYTES,
                  block == 0 ? 0 : features));
      for (int query = 0; query < QUERIES; query++) {
        double last = most[query];
        for (int key = 0; key < keys; key++) {
          most[query] = Math.max(most[query], Math.ceil(given[key][query]));
        }
        assertThat((double) greatest.getAtIndex(JAVA_FLOAT, query)).isEqualTo(most[query]);
        double correction = Math.pow(2, last - most[query]);
        sums[query] *= correction;
        for (int key = 0; key < keys; key++) {
          double weight = Math.pow(2, given[key][query] - most[query]);
          sums[query] += weight;
          assertThat(at(scores, apart, key, query))
              .isCloseTo(weight, within(weight * PART + 1e-37));
        }
        for (int key = keys; key < padded; key++) {
          assertThat(at(scores, apart, key, query)).isZero();
        }
        assertThat((double) totals.getAtIndex(JAVA_FLOAT, query))
            .isCloseTo(sums[query], within(sums[query] * PART * blocks));
        for (int feature = 0; feature < features; feature++) {
          double number = at(before, foundApart, feature, query);
          double wanted = block == 0 ? number : number * correction;
          assertThat(at(found, foundApart, feature, query))
              .isCloseTo(wanted, within(Math.abs(wanted) * PART + 1e-37));
        }
      }
    }
  }
}
