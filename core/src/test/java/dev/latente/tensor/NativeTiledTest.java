package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latente.kernel.TileNumbers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// libtorch's own maps and convolutions are the measure.
class NativeTiledTest {
  // Factors within 2^-17, results of variance 1, the greatest of up to a million differences: eight
  // standard deviations of some 5e-6.
  private static final double TOLERANCE = 4e-5;

  // The same for whole numbers of 16 bits, of which eight standard deviations are some 6.4e-4.
  private static final double SHORT_TOLERANCE = 7e-4;

  private final Scope scope = Scope.open();
  private final int threads = Native.threads();

  @BeforeEach
  void tilesAreHere() {
    assumeThat(NativeTiles.here()).isPresent();
  }

  @AfterEach
  void restore() {
    Acceleration.useShorts(true);
    Native.threads(threads);
    scope.close();
  }

  private static double difference(Tensor a, Tensor b) {
    assertThat(a.shape()).isEqualTo(b.shape());
    return NativeAffineTest.difference(a.toFloatArray(), b.toFloatArray());
  }

  private record Case(Tensor x, org.bytedeco.pytorch.Tensor weight, Tensor bias) {
    static Case random(int length, int in, int out, int bits) {
      RandomNoise noise = RandomNoise.seeded(length + in + out);
      Tensor weight = noise.normal(out, in).times(1 / Math.sqrt(in));
      return new Case(noise.normal(2, length, in), stored(weight, bits), noise.normal(out));
    }

    Tensor mapped() {
      return Tensor.made(
          "map",
          () ->
              NativeTiled.linear(x.handle(), weight, Optional.of(bias.handle()), Optional.empty()));
    }

    Tensor gated() {
      return Tensor.made("gated", () -> NativeTiled.gated(x.handle(), weight, bias.handle()));
    }

    Tensor wanted() {
      return Tensor.made("linear", () -> Native.linear(x.handle(), floats(weight), bias.handle()));
    }
  }

  private static org.bytedeco.pytorch.Tensor stored(Tensor weight, int bits) {
    return switch (bits) {
      case 11 -> weight.handle().toType(torch.ScalarType.Half);
      case 8 -> weight.handle().toType(torch.ScalarType.BFloat16);
      default -> weight.handle();
    };
  }

  private static org.bytedeco.pytorch.Tensor floats(org.bytedeco.pytorch.Tensor weight) {
    return weight.toType(torch.ScalarType.Float);
  }

  private static double tolerance(Case one) {
    var weight = one.weight();
    int in = (int) weight.size(1);
    long multiplications = one.x().handle().numel() / 2 * weight.size(0);
    boolean shorts =
        NativeTiles.here().orElseThrow().code(in, multiplications).form() == TileNumbers.SHORTS;
    return shorts ? SHORT_TOLERANCE : TOLERANCE;
  }

  // The last number: the digits in base 2 of a stored weight.
  @ParameterizedTest
  @CsvSource({
    "1, 32, 32, 24",
    "7, 64, 96, 11",
    "150, 320, 320, 11",
    "77, 768, 320, 8",
    "300, 1312, 480, 24",
    "1100, 640, 160, 11",
    "700, 1312, 480, 8",
    "520, 416, 224, 24",
    "64, 5120, 1280, 11",
  })
  void mapsAgreeWithLibtorch(int length, int in, int out, int bits) {
    Case one = Case.random(length, in, out, bits);
    Tensor wanted = one.wanted();
    assertThat(difference(one.mapped(), wanted)).isLessThan(tolerance(one));
    Acceleration.useShorts(false);
    assertThat(difference(one.mapped(), wanted)).isLessThan(TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"1, 32, 32, 24", "300, 320, 480, 11", "1100, 640, 160, 11"})
  void mapsAddAnother(int length, int in, int out, int bits) {
    Case one = Case.random(length, in, out, bits);
    Tensor other = RandomNoise.seeded(9).normal(2, length, out);
    Tensor plain = one.mapped().plus(other);
    Tensor fused =
        Tensor.made(
            "map",
            () ->
                NativeTiled.linear(
                    one.x.handle(),
                    one.weight,
                    Optional.of(one.bias.handle()),
                    Optional.of(other.handle())));
    assertThat(fused.toFloatArray()).isEqualTo(plain.toFloatArray());
  }

  // Directly, by Winograd's way with few tiles and with many, and of single pixels.
  @ParameterizedTest
  @CsvSource({
    "2, 512, 544, 7, 9, 3",
    "2, 128, 160, 21, 27, 3",
    "2, 128, 160, 50, 70, 3",
    "2, 128, 160, 21, 27, 1",
  })
  void convolutionsAddAnother(int n, int in, int out, int h, int w, int kernel) {
    RandomNoise noise = RandomNoise.seeded(n + in + out + h + w);
    Tensor x = noise.normal(n, in, h, w);
    Optional<Tensor> bias = Optional.of(noise.normal(out));
    Tensor weight = noise.normal(out, in, kernel, kernel).times(0.57 / Math.sqrt(in));
    Tensor plain = x.conv2d(weight, bias, 1, kernel / 2);
    for (Tensor other :
        List.of(
            noise.normal(n, out, h, w),
            noise.normal(n, out, h, w).channelsLast(),
            noise.normal(n, out, 1, 1))) {
      Tensor fused = Fused.conv2dPlus(x, weight, bias, 1, kernel / 2, other);
      // a few roundings more or less, of numbers up to 8
      assertThat(difference(fused, plain.plus(other))).isLessThan(5e-6);
    }
  }

  @Test
  void mapsOfManyRowsAreThoseOfFew() {
    Case many = Case.random(900, 1312, 160, 11);
    Tensor alone = many.x.slice(1, 130, 440);
    Case few = new Case(alone, many.weight, many.bias);
    assertThat(few.mapped().toFloatArray())
        .isEqualTo(many.mapped().slice(1, 130, 440).toFloatArray());
  }

  @ParameterizedTest
  @CsvSource({"1, 32, 64, 24", "150, 320, 2560, 11", "77, 768, 192, 8", "1100, 640, 320, 11"})
  void gatedMapsAgreeWithLibtorch(int length, int in, int out, int bits) {
    Case one = Case.random(length, in, out, bits);
    Tensor[] parts = one.wanted().chunk(2, -1);
    // A value of 4 times the error of a gate and the other way round.
    Tensor wanted = parts[0].times(parts[1].gelu());
    assertThat(difference(one.gated(), wanted)).isLessThan(4 * tolerance(one));
    Acceleration.useShorts(false);
    assertThat(difference(one.gated(), wanted)).isLessThan(4 * TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 32, 32, 1, 1, 24",
    "2, 64, 96, 3, 7, 11",
    "8, 32, 64, 2, 5, 8",
    "2, 320, 320, 9, 8, 11",
    "1, 128, 64, 3, 120, 11",
    "1, 96, 480, 17, 22, 24",
  })
  void convolutionsAgreeWithLibtorch(int n, int in, int out, int h, int w, int bits) {
    assertThat(error(n, in, out, h, w, bits)).isLessThan(direct());
  }

  // Numbers as they are go Winograd's way from eight pieces on, with their own greatest error.
  private static double direct() {
    boolean halves = NativeTiles.here().orElseThrow().code().form() == TileNumbers.HALVES;
    return halves ? TOLERANCE : 3 * TOLERANCE;
  }

  // From 32 pieces of 4x4 pixels on they are done by Winograd's way, whose greatest error is some
  // 16 times the direct one's; from 256 on in another order, unless there are many weights.
  @ParameterizedTest
  @CsvSource({
    "2, 640, 96, 13, 14, 11",
    "1, 128, 64, 5, 300, 11",
    "1, 96, 480, 59, 61, 24",
    "1, 704, 704, 63, 65, 8",
    "1, 96, 480, 67, 65, 24",
    "2, 320, 320, 64, 64, 11",
    "8, 32, 352, 21, 25, 8",
    "3, 160, 32, 2, 600, 11",
  })
  void largeConvolutionsAgreeWithLibtorch(int n, int in, int out, int h, int w, int bits) {
    assertThat(error(n, in, out, h, w, bits)).isLessThan(20 * TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 32, 32, 1, 1, 24",
    "2, 64, 96, 7, 10, 11",
    "3, 320, 352, 16, 17, 11",
    "1, 640, 64, 64, 63, 8",
  })
  void convolutionsWithStrideTwoAgreeWithLibtorch(int n, int in, int out, int h, int w, int bits) {
    RandomNoise noise = RandomNoise.seeded(n + in + out + h + w);
    Tensor x = noise.normal(n, in, h, w);
    Tensor bias = noise.normal(out);
    var weight = stored(noise.normal(out, in, 3, 3).times(1 / Math.sqrt(9.0 * in)), bits);
    Tensor found =
        Tensor.made("tiled", () -> NativeTiled.halved(x.handle(), weight, bias.handle()));
    Tensor wanted =
        Tensor.made(
            "conv2d",
            () -> Native.conv2d(x.handle(), floats(weight), Optional.of(bias.handle()), 2, 1));
    assertThat(difference(found, wanted)).isLessThan(TOLERANCE);
  }

  @Test
  void warmingUpMeetsTheKernels() {
    assertThat(WarmUp.suits()).isTrue();
    try (OperationProfile profile = OperationProfile.start()) {
      WarmUp.run(Duration.ZERO);
      assertThat(profile.lap())
          .extracting(OperationCost::kind)
          .contains(
              OperationKind.CONVOLUTION,
              OperationKind.LINEAR,
              OperationKind.SELF_ATTENTION,
              OperationKind.CROSS_ATTENTION);
    }
  }

  @Test
  void convolutionsOfManyTilesDoNotDependOnThreads() {
    convolutionsDoNotDependOnThreads(50, 70);
  }

  @Test
  void convolutionsOfFewTilesDoNotDependOnThreads() {
    convolutionsDoNotDependOnThreads(21, 23);
  }

  private static void convolutionsDoNotDependOnThreads(int height, int width) {
    RandomNoise noise = RandomNoise.seeded(7);
    Tensor x = noise.normal(2, 64, height, width);
    Tensor bias = noise.normal(96);
    var weight = stored(noise.normal(96, 64, 3, 3).times(0.05), 11);
    Native.threads(1);
    float[] one =
        Tensor.made(
                "tiled",
                () -> NativeTiled.conv2d(x.handle(), weight, bias.handle(), Optional.empty()))
            .toFloatArray();
    Native.threads(4);
    Tensor four =
        Tensor.made(
            "tiled", () -> NativeTiled.conv2d(x.handle(), weight, bias.handle(), Optional.empty()));
    assertThat(four.toFloatArray()).isEqualTo(one);
  }

  private static double error(int n, int in, int out, int h, int w, int bits) {
    RandomNoise noise = RandomNoise.seeded(n + in + out + h + w);
    Tensor x = noise.normal(n, in, h, w);
    Tensor bias = noise.normal(out);
    var weight = stored(noise.normal(out, in, 3, 3).times(1 / Math.sqrt(9.0 * in)), bits);
    Tensor found =
        Tensor.made(
            "tiled", () -> NativeTiled.conv2d(x.handle(), weight, bias.handle(), Optional.empty()));
    Tensor wanted =
        Tensor.made(
            "conv2d",
            () -> Native.conv2d(x.handle(), floats(weight), Optional.of(bias.handle()), 1, 1));
    return difference(found, wanted);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 16",
    "1, 2, 3, 37, 24",
    "2, 8, 33, 77, 40",
    "8, 3, 200, 5, 16",
    "1, 2, 129, 1100, 160",
    "2, 5, 150, 513, 64",
    "1, 1, 300, 600, 512",
  })
  void attentionAgreesWithLibtorch(int n, int heads, int queries, int keys, int features) {
    RandomNoise noise = RandomNoise.seeded(n + heads + queries + keys + features);
    Tensor q = noise.normal(n, queries, heads, features).transpose(1, 2);
    Tensor k = noise.normal(n, heads, keys, features).times(3);
    Tensor v = noise.normal(n, keys, heads, features).transpose(1, 2);
    Tensor wanted =
        Tensor.made("attention", () -> Native.attention(q.handle(), k.handle(), v.handle(), false));
    NativeTiles here = NativeTiles.here().orElseThrow();
    boolean shorts =
        here.code((long) heads * queries * keys * features).form() == TileNumbers.SHORTS;
    // Scores up to 15 are off by up to 1e-4, and so are weights, in parts.
    assertThat(difference(attended(here, q, k, v), wanted))
        .isLessThan(shorts ? 3 * SHORT_TOLERANCE : 2 * TOLERANCE);
    NativeTiles lanes = new NativeTiles(TileNumbers.WHOLE, false);
    assertThat(difference(attended(lanes, q, k, v), wanted)).isLessThan(2 * TOLERANCE);
  }

  private static Tensor attended(NativeTiles tiles, Tensor q, Tensor k, Tensor v) {
    return Tensor.made(
        "attend", () -> NativeAttention.tiled(tiles, q.handle(), k.handle(), v.handle()));
  }

  @Test
  void theNumberOfThreadsChangesNothing() {
    Case one = Case.random(1300, 96, 1120, 11);
    Native.threads(1);
    float[] mapped = one.mapped().toFloatArray();
    float[] gated = one.gated().toFloatArray();
    Native.threads(4);
    assertThat(one.mapped().toFloatArray()).isEqualTo(mapped);
    assertThat(one.gated().toFloatArray()).isEqualTo(gated);
  }

  @Test
  void numbersAreHalvesWhereTheProcessorHasTheUnit() {
    assertThat(form("flags : fpu avx512f avx512bw amx_bf16 amx_tile")).contains(TileNumbers.HALVES);
    assertThat(form("flags : fpu avx512f avx512bw avx512_bf16")).contains(TileNumbers.WHOLE);
    assertThat(form("flags : fpu avx512f amx_bf16 amx_tile")).isEmpty();
    assertThat(NativeTiles.form(new CpuInfo(List.of()))).isEmpty();
  }

  private static Optional<TileNumbers> form(String line) {
    return NativeTiles.form(new CpuInfo(List.of(line)));
  }
}
