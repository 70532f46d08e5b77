package dev.latente.tensor;

import dev.latente.kernel.Kernels;
import java.time.Duration;
import java.util.Optional;

/// Runs the kernels on small numbers until Java has compiled their loops, beside other work.
final class WarmUp {
  private static final int CHANNELS = 64;
  private static final int SIDE = 64; // of the larger map: 256 tiles of Winograd's way
  private static final int TOKENS = 512;
  private static final int HEADS = 2;
  private static final int GROUPS = 32;
  private static final double EPSILON = 1e-5;

  private final Tensor kernels;
  private final Tensor weight;
  private final Tensor gates;
  private final Tensor bias;
  private final Tensor scale;
  private final Tensor large;
  private final Tensor small;
  private final Tensor rows;
  private final Tensor heads;

  private WarmUp() {
    RandomNoise noise = RandomNoise.seeded(0);
    kernels = noise.normal(CHANNELS, CHANNELS, 3, 3).to(Precision.F16);
    weight = noise.normal(CHANNELS, CHANNELS).to(Precision.F16);
    gates = noise.normal(2L * CHANNELS, CHANNELS).to(Precision.F16);
    bias = noise.normal(CHANNELS);
    scale = noise.normal(2L * CHANNELS);
    large = noise.normal(1, CHANNELS, SIDE, SIDE).channelsLast();
    small = noise.normal(2, CHANNELS, SIDE / 4, SIDE / 4).channelsLast();
    rows = noise.normal(2, TOKENS, CHANNELS);
    heads = rows.reshape(2, TOKENS, HEADS, CHANNELS / HEADS).transpose(1, 2);
  }

  /// Starts it, where kernels can be used, for `time` at most.
  static void start(Duration time) {
    if (Kernels.wide() && Acceleration.on()) {
      Thread.ofPlatform().daemon().name("kernels").start(() -> run(time));
    }
  }

  /// Runs it on this thread: once, and again while there is time.
  static void run(Duration time) {
    long begin = System.nanoTime();
    try (Scope _ = Scope.open()) {
      WarmUp work = new WarmUp();
      do {
        try (Scope _ = Scope.open()) {
          work.once();
        }
      } while (System.nanoTime() - begin < time.toNanos());
    }
  }

  private void once() {
    heads.attention(heads, heads, false);
    Fused.geglu(rows, gates, scale);
    small.conv2d(kernels, Optional.of(bias), 1, 1);
    Fused.groupNormSilu(large, GROUPS, bias, bias, EPSILON, false);
    large.groupNorm(GROUPS, bias, bias, EPSILON);
    large.conv2d(kernels, Optional.of(bias), 1, 1);
    rows.linear(weight, bias);
  }
}
