import dev.latente.tensor.Acceleration;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Convolutions of 3×3 by libtorch and by Winograd's way, in turns: the median time of each and
/// their ratio.
///
/// `convolutions.sh [ROUNDS]`
final class Convolutions {
  private static final int BATCH = 2; // the two halves of guidance
  private static final long PLENTY = 4L << 30;

  /// Channels in and out, and the side of the map.
  private record Size(int in, int out, int side) {}

  /// Those of SD 1.5's U-Net and autoencoder, and one that is left to libtorch.
  private static final List<Size> SIZES =
      List.of(
          new Size(320, 320, 64),
          new Size(640, 320, 64),
          new Size(640, 640, 32),
          new Size(1280, 1280, 16),
          new Size(512, 512, 64),
          new Size(256, 256, 128),
          new Size(64, 64, 32));

  private Convolutions() {}

  static void main(String[] args) {
    int rounds = args.length == 0 ? 9 : Integer.parseInt(args[0]);
    if (!Acceleration.allow(0)) {
      throw new IllegalStateException("needs --add-modules=jdk.incubator.vector");
    }
    System.out.println("convolution          libtorch    Winograd    ratio   greatest difference");
    for (Size size : SIZES) {
      try (Scope _ = Scope.open()) {
        compare(size, rounds);
      }
    }
  }

  private static void compare(Size size, int rounds) {
    RandomNoise noise = RandomNoise.seeded(1);
    Tensor x = noise.normal(BATCH, size.in, size.side, size.side).channelsLast();
    Tensor bias = noise.normal(size.out);
    // Two copies of the weights: what is made of one stays while the other is used.
    Tensor plain = noise.normal(size.out, size.in, 3, 3).times(1 / Math.sqrt(9.0 * size.in));
    Tensor kernels = plain.times(1);
    double[] ours = new double[rounds];
    double[] libtorch = new double[rounds];
    Acceleration.allow(PLENTY);
    convolve(x, kernels, bias); // makes the transformed weights
    float[] found = convolve(x, kernels, bias);
    Acceleration.allow(0);
    float[] wanted = convolve(x, plain, bias);
    for (int i = 0; i < rounds; i++) {
      libtorch[i] = seconds(x, plain, bias);
      ours[i] = seconds(x, kernels, bias);
    }
    double theirs = median(libtorch);
    double mine = median(ours);
    System.out.printf(
        "%4d -> %4d at %3d  %7.1f ms  %7.1f ms  %6.2f   %.0e%n",
        size.in,
        size.out,
        size.side,
        theirs * 1e3,
        mine * 1e3,
        mine / theirs,
        difference(found, wanted));
  }

  private static double seconds(Tensor x, Tensor weight, Tensor bias) {
    try (Scope _ = Scope.open()) {
      long begin = System.nanoTime();
      x.conv2d(weight, Optional.of(bias), 1, 1);
      return (System.nanoTime() - begin) / 1e9;
    }
  }

  private static float[] convolve(Tensor x, Tensor weight, Tensor bias) {
    try (Scope _ = Scope.open()) {
      return x.conv2d(weight, Optional.of(bias), 1, 1).toFloatArray();
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double difference(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }
}
