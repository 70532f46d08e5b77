package dev.latente.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.Addends;
import dev.latente.kernel.Affine;
import dev.latente.kernel.MachineCode;
import dev.latente.kernel.TileNumbers;
import dev.latente.kernel.TiledAffine;
import dev.latente.kernel.WeightMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sums in double are the measure. The bound is what rounding a row's block to steps of its length
/// over 32,763 can cost, and a column's to steps of its length over 65,500 or of its greatest over
/// 32,760: half a step in each of 64 numbers.
class NativeShortsTest {
  private static final int BLOCK = 64;
  private static final double NEARLY = 1 + 2e-4; // scales are known within 2^-14

  private final Random numbers = new Random(1);
  private final Arena arena = Arena.ofConfined();

  @BeforeEach
  void shortsAreHere() {
    assumeThat(NativeTiles.here()).isPresent();
    assumeThat(CpuInfo.read().has(List.of(NativeShorts.VNNI))).isTrue();
  }

  @AfterEach
  void close() {
    arena.close();
  }

  private static MachineCode code() {
    MachineCode code = new NativeTiles(TileNumbers.WHOLE, true).code(BLOCK, Long.MAX_VALUE);
    assertThat(code.form()).isEqualTo(TileNumbers.SHORTS);
    return code;
  }

  private MemorySegment of(float[][] rows) {
    int length = rows[0].length;
    MemorySegment all = arena.allocate((long) rows.length * length * Float.BYTES, 64);
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < length; i++) {
        all.setAtIndex(JAVA_FLOAT, (long) row * length + i, rows[row][i]);
      }
    }
    return all;
  }

  private float[][] normal(int rows, int length) {
    float[][] all = new float[rows][length];
    for (float[] row : all) {
      for (int i = 0; i < length; i++) {
        row[i] = (float) numbers.nextGaussian();
      }
    }
    return all;
  }

  private float[][] mapped(float[][] x, float[][] weights) {
    int in = x[0].length;
    int out = weights.length;
    MemorySegment bias = of(new float[1][out]);
    MemorySegment y = of(new float[x.length][out]);
    TiledAffine.map(
        new Affine.Size(x.length, in, out),
        of(x).address(),
        new WeightMatrix(of(weights).address(), in, WeightMatrix.Format.F32),
        new Addends(bias.address(), 0, 0),
        y.address(),
        code(),
        2);
    float[][] all = new float[x.length][out];
    for (int row = 0; row < x.length; row++) {
      for (int column = 0; column < out; column++) {
        all[row][column] = y.getAtIndex(JAVA_FLOAT, (long) row * out + column);
      }
    }
    return all;
  }

  private static double length(float[] all, int from) {
    double squares = 0;
    for (int i = from; i < from + BLOCK; i++) {
      squares += (double) all[i] * all[i];
    }
    return Math.sqrt(squares);
  }

  private static double greatest(float[] all, int from) {
    double greatest = 0;
    for (int i = from; i < from + BLOCK; i++) {
      greatest = Math.max(greatest, Math.abs(all[i]));
    }
    return greatest;
  }

  private static double bound(float[] x, float[] weights) {
    double bound = 0;
    double halfSteps = Math.sqrt(BLOCK) / 2;
    for (int from = 0; from < x.length; from += BLOCK) {
      double a = length(x, from);
      double b = length(weights, from);
      double offA = halfSteps * a / 32763 * NEARLY;
      double offB = halfSteps * Math.max(b / 65500, greatest(weights, from) / 32760) * NEARLY;
      // and sums of blocks in f32; no number below 1e-19 has a scale that shows it
      bound += offA * b + offB * (a + offA) + 1e-6 * a * b + 1e-18 * (a + b);
    }
    return bound;
  }

  private void check(float[][] x, float[][] weights) {
    float[][] found = mapped(x, weights);
    for (int row = 0; row < x.length; row++) {
      for (int column = 0; column < weights.length; column++) {
        double wanted = 0;
        for (int i = 0; i < x[0].length; i++) {
          wanted += (double) x[row][i] * weights[column][i];
        }
        assertThat((double) found[row][column])
            .isCloseTo(wanted, within(bound(x[row], weights[column])));
      }
    }
  }

  // Few rows and many, which go another way; blocks of one call and of several, of one layout of
  // rows and of several.
  @ParameterizedTest
  @CsvSource({"1, 64, 32", "9, 192, 64", "70, 1280, 96", "1030, 320, 352", "1024, 1344, 32"})
  void mapsAreWithinTheirBound(int rows, int in, int out) {
    check(normal(rows, in), normal(out, in));
  }

  @Test
  void numbersOfAllSizesAreWithinTheirBound() {
    float[][] x = normal(40, 192);
    float[][] weights = normal(32, 192);
    for (int i = 0; i < 40; i++) {
      x[i][i] *= (float) Math.pow(10, i % 8); // one that outweighs all others
      for (int k = 0; k < 192; k++) {
        x[i][k] *= (float) Math.pow(10, i % 20 - 10);
      }
    }
    for (int i = 0; i < 32; i++) {
      weights[i][2 * i] *= (float) Math.pow(10, i % 6);
    }
    check(x, weights);
  }

  @Test
  void zerosStayZeros() {
    float[][] x = normal(8, 128);
    float[][] weights = normal(32, 128);
    x[3] = new float[128];
    weights[5] = new float[128];
    float[][] found = mapped(x, weights);
    assertThat(found[3]).containsOnly(0F);
    for (float[] row : found) {
      assertThat(row[5]).isZero();
    }
  }

  // Where the product of both lengths is reached: of all numbers alike, of one alone, and of rows
  // that are their columns.
  @ParameterizedTest
  @CsvSource({"1, 1", "-1, 1", "1e-6, -3e4"})
  void theGreatestSumsFitIntoTheirBits(float number, float weight) {
    float[][] x = normal(9, 64);
    float[][] weights = normal(32, 64);
    for (int i = 0; i < 64; i++) {
      x[0][i] = number;
      weights[0][i] = weight;
      x[1][i] = i == 7 ? number : 0;
      weights[1][i] = i == 7 ? weight : 0;
      x[2][i] = weights[2][i];
      x[3][i] = -weights[3][i];
    }
    check(x, weights);
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity", "3e38"})
  void whatIsNoNumberIsNotHidden(float number) {
    float[][] x = normal(9, 128);
    x[4][70] = number;
    float[][] found = mapped(x, normal(32, 128));
    for (int row = 0; row < 9; row++) {
      for (float each : found[row]) {
        assertThat(Float.isFinite(each)).isEqualTo(row != 4);
      }
    }
  }
}
