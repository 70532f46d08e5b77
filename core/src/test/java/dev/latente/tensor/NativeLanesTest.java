package dev.latente.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.LaneSteps;
import dev.latente.kernel.LaneSteps.Panels;
import dev.latente.kernel.LaneSteps.Product;
import dev.latente.kernel.LaneSteps.Scales;
import dev.latente.kernel.LaneSteps.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  @CsvSource({
    "8, 16, 1, false",
    "37, 40, 2, false",
    "77, 24, 3, false",
    "256, 160, 3, false",
    "1, 8, 2, false",
    "8, 16, 1, true",
    "37, 40, 2, true",
    "78, 24, 3, true",
    "256, 160, 3, true",
    "1, 8, 2, true",
  })
  void weightsAreThoseOfAllScores(int keys, int features, int blocks, boolean shorts) {
    double one = shorts ? 1 << 15 : 1;
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
                  block == 0 ? 0 : features,
                  shorts));
      for (int query = 0; query < QUERIES; query++) {
        double last = most[query];
        for (int key = 0; key < keys; key++) {
          most[query] = Math.max(most[query], rounded((float) given[key][query], shorts));
        }
        assertThat((double) greatest.getAtIndex(JAVA_FLOAT, query)).isEqualTo(most[query]);
        double correction = Math.pow(2, last - most[query]);
        sums[query] *= correction;
        for (int key = 0; key < keys; key++) {
          double weight = one * Math.pow(2, given[key][query] - most[query]);
          sums[query] += weight;
          double nearly = weight * PART + (shorts ? 0.5 : 1e-37);
          assertThat(weight(scores, apart, key, query, shorts)).isCloseTo(weight, within(nearly));
        }
        for (int key = keys; key < padded; key++) {
          assertThat(weight(scores, apart, key, query, shorts)).isZero();
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

  /// The least whole number that is no less; of one put up a little for whole numbers of 16 bits.
  private static double rounded(float score, boolean shorts) {
    return Math.ceil(shorts ? score + (Math.abs(score) * 0x1p-22F + 1e-4F) : score);
  }

  private static double weight(
      MemorySegment scores, long apart, int key, int query, boolean shorts) {
    return shorts ? half(scores, apart, key, query) : at(scores, apart, key, query);
  }

  /// A whole number of 16 bits, of which a panel's lanes have two.
  private static int half(MemorySegment panels, long apart, int row, int query) {
    long lane = query / LANES * apart + (long) row / 2 * LANES + query % LANES;
    return panels.getAtIndex(JAVA_SHORT, 2 * lane + row % 2);
  }

  // Where a weight of 1 would be one too large.
  @ParameterizedTest
  @ValueSource(floats = {0, -3, 17, 4096, 5000, -70000, 1 << 23})
  void theGreatestWeightFitsIntoItsBits(float score) {
    int keys = 16;
    long apart = (long) keys * LANES;
    MemorySegment scores = floats(2 * apart);
    for (long i = 0; i < 2 * apart; i++) {
      scores.setAtIndex(JAVA_FLOAT, i, score);
    }
    MemorySegment greatest = floats(QUERIES);
    for (int query = 0; query < QUERIES; query++) {
      greatest.setAtIndex(JAVA_FLOAT, query, -1e30F);
    }
    MemorySegment totals = floats(QUERIES);
    new NativeLanes()
        .weigh(
            new Weights(
                scores.address(),
                apart * Float.BYTES,
                keys,
                keys,
                greatest.address(),
                totals.address(),
                0,
                0,
                0,
                true));
    for (int query = 0; query < QUERIES; query++) {
      for (int key = 0; key < keys; key++) {
        assertThat(half(scores, apart, key, query)).isBetween(1 << 13, Short.MAX_VALUE - 1);
      }
    }
  }

  private record Shortened(MemorySegment numbers, MemorySegment pairs, MemorySegment scales) {}

  /// Panels of 16 lanes each, every `block` numbers of a lane with a scale.
  private Shortened shortened(
      MemorySegment panels, int groups, int depth, int block, float length) {
    MemorySegment pairs = floats((long) groups * depth / 2 * LANES);
    int blocks = Math.ceilDiv(depth, block);
    MemorySegment scales = floats((long) groups * blocks * LANES);
    for (int group = 0; group < groups; group++) {
      for (int index = 0; index < blocks; index++) {
        long first = (long) group * depth + index * block;
        new NativeLanes()
            .shorten(
                new Panels(
                    panels.address() + first * LANES * Float.BYTES,
                    (long) LANES * Float.BYTES,
                    Math.min(block, depth - index * block),
                    pairs.address() + first / 2 * LANES * Float.BYTES,
                    scales.address() + ((long) index * groups + group) * LANES * Float.BYTES,
                    length));
      }
    }
    return new Shortened(panels, pairs, scales);
  }

  // Of scores; then of what they find, of one block of 32 numbers, of several, and of parts of one.
  @ParameterizedTest
  @CsvSource({
    "16, 40, true, false",
    "40, 160, true, false",
    "16, 32, false, false",
    "40, 256, false, true",
    "8, 40, false, true",
    "24, 8, false, false",
  })
  void sumsOfShortsAreNearlyThoseOfTheirNumbers(int rows, int depth, boolean scores, boolean add) {
    assumeThat(CpuInfo.read().has(List.of(NativeShorts.VNNI))).isTrue();
    int groups = Math.ceilDiv(rows, LANES);
    int block = scores ? depth : 32;
    float most = scores ? 46300 : 11580;
    MemorySegment a = random((long) groups * depth * LANES);
    MemorySegment b = random(2L * depth * LANES);
    for (int k = 0; k < depth; k++) {
      // equal, as the product of their lengths is then reached
      b.setAtIndex(JAVA_FLOAT, (long) k * LANES, a.getAtIndex(JAVA_FLOAT, (long) k * LANES));
      a.setAtIndex(JAVA_FLOAT, (long) k * LANES + 1, k == 3 ? 1e3F : 0);
      a.setAtIndex(JAVA_FLOAT, (long) k * LANES + 2, 1);
    }
    Shortened left = shortened(a, groups, depth, block, most);
    // what finds is not scaled by its own length: weights of 2^15 at most
    Shortened right = scores ? shortened(b, 2, depth, depth, most) : weights(b, depth);
    MemorySegment y = random(2L * rows * LANES);
    MemorySegment before = arena.allocate(y.byteSize(), 64).copyFrom(y);
    long apart = (long) rows * LANES;
    new NativeLanes()
        .multiplyShorts(
            new Product(
                left.pairs.address(),
                (long) depth / 2 * LANES * Float.BYTES,
                right.pairs.address(),
                (long) depth / 2 * LANES * Float.BYTES,
                depth,
                y.address(),
                apart * Float.BYTES,
                rows,
                add),
            new Scales(
                left.scales.address(),
                (long) groups * LANES * Float.BYTES,
                scores ? right.scales.address() : 0));
    for (int row = 0; row < rows; row++) {
      for (int query = 0; query < QUERIES; query++) {
        double wanted = add ? at(before, apart, row, query) : 0;
        double bound = 1e-6;
        for (int from = 0; from < depth; from += block) {
          double lengthA = 0;
          double lengthB = 0;
          double greatest = 0;
          for (int k = from; k < Math.min(from + block, depth); k++) {
            long place = ((long) row / LANES * depth + k) * LANES + row % LANES;
            double x = a.getAtIndex(JAVA_FLOAT, place);
            double z = at(right.numbers, (long) depth * LANES, k, query);
            wanted += x * z;
            lengthA += x * x;
            lengthB += z * z;
            greatest = Math.max(greatest, Math.abs(x));
          }
          double halfSteps = Math.sqrt(block) / 2 * 1.001;
          double offA = halfSteps * Math.max(Math.sqrt(lengthA) / most, greatest / 32760);
          double offB = scores ? halfSteps * Math.sqrt(lengthB) / 32760 : 0;
          bound += offA * Math.sqrt(lengthB) + offB * (Math.sqrt(lengthA) + offA);
          bound += 1e-6 * Math.sqrt(lengthA * lengthB);
        }
        assertThat(at(y, apart, row, query)).isCloseTo(wanted, within(bound));
      }
    }
  }

  /// Whole numbers up to 2^15, as weights are, in two panels; those of the first query are all the
  /// greatest.
  private Shortened weights(MemorySegment panels, int depth) {
    MemorySegment pairs = floats((long) depth * LANES);
    for (int k = 0; k < depth; k++) {
      for (int query = 0; query < QUERIES; query++) {
        int weight = query == 0 ? Short.MAX_VALUE - 1 : numbers.nextInt(Short.MAX_VALUE);
        long number = (long) query / LANES * depth * LANES + (long) k * LANES + query % LANES;
        panels.setAtIndex(JAVA_FLOAT, number, weight);
        long lane = (long) query / LANES * depth / 2 * LANES + (long) k / 2 * LANES + query % LANES;
        pairs.setAtIndex(JAVA_SHORT, 2 * lane + k % 2, (short) weight);
      }
    }
    return new Shortened(panels, pairs, pairs);
  }
}
