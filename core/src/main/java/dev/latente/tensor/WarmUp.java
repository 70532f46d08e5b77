package dev.latente.tensor;

import java.time.Duration;
import java.util.Optional;

/// Runs the kernels on small numbers until Java has compiled their loops, beside other work, where
/// there is no machine code for them.
///
/// Sizes are such that each way a large U-Net's operations go is taken, those of sizes that divide
/// nothing evenly, too: what Java compiled without having met a case, it has to compile again.
final class WarmUp {
  private static final int CHANNELS = 128; // fewer are not convolved by kernels
  private static final int SIDE = 64; // of the larger map: 256 tiles of Winograd's way
  private static final int SMALL_SIDE = 28; // few tiles, which are multiplied otherwise
  private static final int TOKENS = 512;
  private static final int PROMPT = 77;

  // More than a block of weights, and its first number of blocks does not divide it.
  private static final int DEEP = 1280;
  private static final int FEW = 64;
  private static final int ROWS = 1024;
  private static final int FEATURES = 40; // no multiple of a vector's numbers
  private static final int GROUPS = 32;
  private static final double FASTER = 0.9; // of the best round's time
  private static final int SETTLED = 20; // rounds that are not, when all is compiled
  private static final double EPSILON = 1e-5;

  private final Tensor kernels;
  private final Tensor weight;
  private final Tensor deep;
  private final Tensor gates;
  private final Tensor bias;
  private final Tensor scale;
  private final Tensor timestep;
  private final Tensor large;
  private final Tensor small;
  private final Tensor rows;
  private final Tensor prompt;
  private final Tensor queries;
  private final Tensor keys;

  private WarmUp() {
    RandomNoise noise = RandomNoise.seeded(0);
    kernels = noise.normal(CHANNELS, CHANNELS, 3, 3).to(Precision.F16);
    weight = noise.normal(FEW, FEW).to(Precision.F16);
    deep = noise.normal(FEW, DEEP).to(Precision.F16);
    gates = noise.normal(2L * FEW, FEW).to(Precision.F16);
    bias = noise.normal(CHANNELS);
    scale = noise.normal(FEW);
    timestep = noise.normal(1, CHANNELS, 1, 1);
    large = noise.normal(1, CHANNELS, SIDE, SIDE).channelsLast();
    small = noise.normal(1, CHANNELS, SMALL_SIDE, SMALL_SIDE).channelsLast();
    rows = noise.normal(1, ROWS, FEW);
    prompt = noise.normal(1, PROMPT, DEEP);
    queries = noise.normal(1, TOKENS, 1, FEATURES).transpose(1, 2);
    keys = noise.normal(1, PROMPT, 1, FEATURES).transpose(1, 2);
  }

  /// Runs it on this thread: once, and again while there is time and rounds become faster.
  static void run(Duration time) {
    long begin = System.nanoTime();
    try (Scope _ = Scope.open()) {
      WarmUp work = new WarmUp();
      long best = Long.MAX_VALUE;
      int slower = 0; // rounds since the last that was faster than all before
      do {
        long round = System.nanoTime();
        try (Scope _ = Scope.open()) {
          work.once();
        }
        long took = System.nanoTime() - round;
        slower = took < best * FASTER ? 0 : slower + 1;
        best = Math.min(best, took);
      } while (slower < SETTLED && System.nanoTime() - begin < time.toNanos());
    }
  }

  /// Whether all of it is done in Java's vectors where there is no unit for tiles of matrices.
  static boolean suits() {
    try (Scope _ = Scope.open()) {
      WarmUp work = new WarmUp();
      var q = work.queries.handle();
      var k = work.keys.handle();
      var convolved = work.kernels.handle();
      return NativeWinograd.suits(work.large.handle(), convolved, 1, 1)
          && NativeWinograd.suits(work.small.handle(), convolved, 1, 1)
          && NativeAffine.suits(work.rows.handle(), work.weight.handle())
          && NativeAffine.suits(work.prompt.handle(), work.deep.handle())
          && NativeAffine.suitsGates(work.rows.handle(), work.gates.handle())
          && NativeAffine.suitsGates(work.prompt.handle(), work.deep.handle())
          && NativeAttention.suits(q, k, k)
          && NativeAttention.suits(q, q, q);
    }
  }

  private void once() {
    prompt.linear(deep, scale);
    Fused.geglu(prompt, deep, scale);
    queries.attention(queries, queries, false);
    queries.attention(keys, keys, false);
    Fused.geglu(rows, gates, bias);
    rows.linear(weight, scale);
    Fused.linearPlus(rows, weight, Optional.of(scale), rows);
    Fused.groupNormSilu(small, GROUPS, bias, bias, EPSILON, false);
    small.groupNorm(GROUPS, bias, bias, EPSILON);
    Fused.conv2dPlus(large, kernels, Optional.of(bias), 1, 1, large);
    Fused.conv2dPlus(large, kernels, Optional.of(bias), 1, 1, timestep);
    Fused.conv2dPlus(small, kernels, Optional.of(bias), 1, 1, small);
    small.conv2d(kernels, Optional.of(bias), 1, 1);
  }
}
