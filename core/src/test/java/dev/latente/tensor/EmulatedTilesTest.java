package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.Addends;
import dev.latente.kernel.Affine;
import dev.latente.kernel.Attention;
import dev.latente.kernel.MachineCode;
import dev.latente.kernel.TileNumbers;
import dev.latente.kernel.TileProduct.Job;
import dev.latente.kernel.TileShape;
import dev.latente.kernel.TiledAffine;
import dev.latente.kernel.TiledAttention;
import dev.latente.kernel.TiledConvolution;
import dev.latente.kernel.WeightMatrix;
import dev.latente.kernel.Winograd;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is done with halves in bf16 around the unit for tiles is right on processors without that
/// unit, too: Java multiplies in its place. libtorch is the measure.
class EmulatedTilesTest {
  private static final double TOLERANCE = 4e-5; // as of products by the unit: factors within 2^-17

  @SuppressWarnings("restricted") // all of memory: addresses are those that kernels pass
  private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private final Scope scope = Scope.open();

  @BeforeEach
  void vectorsAreHere() {
    assumeThat(NativeTiles.here()).isPresent();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @CsvSource({"40, 64, 96", "7, 1056, 32"})
  void maps(int rows, int in, int out) {
    RandomNoise noise = RandomNoise.seeded(rows + in + out);
    Tensor x = noise.normal(rows, in);
    Tensor weight = noise.normal(out, in).times(1 / Math.sqrt(in));
    Tensor bias = noise.normal(out);
    Tensor y = Tensor.full(0, rows, out);
    TiledAffine.map(
        new Affine.Size(rows, in, out),
        address(x),
        new WeightMatrix(address(weight), in, WeightMatrix.Format.F32),
        Addends.of(address(bias)),
        address(y),
        code(),
        2);
    Tensor wanted =
        Tensor.made("linear", () -> Native.linear(x.handle(), weight.handle(), bias.handle()));
    assertThat(difference(y, wanted)).isLessThan(TOLERANCE);
  }

  // the direct way, and Winograd's
  @ParameterizedTest
  @CsvSource({"9, 8, 1", "24, 25, 20"})
  void convolutions(int height, int width, int errors) {
    RandomNoise noise = RandomNoise.seeded(height);
    int in = 64;
    int out = 32;
    Tensor x = noise.normal(1, height, width, in);
    Tensor weight = noise.normal(out, in, 3, 3).times(1 / Math.sqrt(9.0 * in));
    Tensor bias = noise.normal(out);
    Tensor y = Tensor.full(0, 1, height, width, out);
    TiledConvolution.convolve(
        new Winograd.Shape(1, height, width, in, out),
        address(x),
        new WeightMatrix(address(weight), in * 9, WeightMatrix.Format.F32),
        Addends.of(address(bias)),
        address(y),
        code(),
        2);
    Tensor wanted =
        Tensor.made(
            "conv2d",
            () ->
                Native.conv2d(
                    x.handle().permute(0, 3, 1, 2).contiguous(),
                    weight.handle(),
                    Optional.of(bias.handle()),
                    1,
                    1));
    assertThat(difference(y.permute(0, 3, 1, 2), wanted)).isLessThan(errors * TOLERANCE);
  }

  @Test
  void attention() {
    RandomNoise noise = RandomNoise.seeded(1);
    int queries = 37;
    int keys = 77;
    int features = 40;
    Tensor q = noise.normal(1, 2, queries, features);
    Tensor k = noise.normal(1, 2, keys, features);
    Tensor v = noise.normal(1, 2, keys, features);
    Tensor to = Tensor.full(0, 1, 2, queries, features);
    TiledAttention.attend(
        new Attention.Shape(1, 2, queries, keys, features),
        operand(q, queries, features),
        operand(k, keys, features),
        operand(v, keys, features),
        operand(to, queries, features),
        code(),
        2);
    Tensor wanted =
        Tensor.made("attention", () -> Native.attention(q.handle(), k.handle(), v.handle(), false));
    assertThat(difference(to, wanted)).isLessThan(2 * TOLERANCE);
  }

  private static Attention.Operand operand(Tensor x, int rows, int features) {
    return new Attention.Operand(
        address(x), 2L * rows * features, (long) rows * features, features);
  }

  private static long address(Tensor x) {
    return x.handle().data_ptr().address();
  }

  private static double difference(Tensor a, Tensor b) {
    return NativeAffineTest.difference(a.toFloatArray(), b.toFloatArray());
  }

  private static MachineCode code() {
    MachineCode code = new NativeTiles(TileNumbers.HALVES, false).code();
    return new MachineCode(
        code.form(),
        EmulatedTilesTest::multiply,
        code.rows(),
        code.scores(),
        code.heads(),
        code.lanes(),
        code.strips(),
        code.turn(),
        code.winograd(),
        code.outputs(),
        code.norms(),
        code.pixels());
  }

  private static void multiply(Job job) {
    int wide = job.shape() == TileShape.LINE ? 48 : 32;
    for (int i = 0; i < job.series().count(); i++) {
      for (int row = 0; row < job.rows(); row++) {
        for (int column = 0; column < wide; column++) {
          long a = job.a() + i * job.series().a() + row * 64L;
          long b = job.b() + i * job.series().b();
          long y = job.y() + i * job.series().y() + ((long) row * job.columns() + column) * 4;
          float before = job.add() ? MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, y) : 0;
          float sum = (float) (before + sum(job, a, b, column));
          MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, y, sum);
        }
      }
    }
  }

  /// The sum for a row and a column, of three products of halves.
  private static double sum(Job job, long a, long b, int column) {
    TileShape shape = job.shape();
    boolean halves = shape != TileShape.PLAIN;
    double sum = 0;
    for (int step = 0; step < job.steps().length; step++) {
      for (int k = 0; k < TileShape.DEEP; k++) {
        long left = a + job.steps()[step] + k * 2L;
        long tile = b + shape.tile(column, step, job.steps().length);
        long right = tile + k / 2 * 64L + column % TileShape.SIDE * 4L + k % 2 * 2L;
        sum += number(left) * number(right);
        if (halves) {
          sum += number(left) * number(right + shape.lowHalf());
          sum += number(left + job.low()) * number(right);
        }
      }
    }
    return sum;
  }

  private static double number(long address) {
    short bits = MEMORY.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
    return Float.intBitsToFloat(bits << Short.SIZE);
  }
}
