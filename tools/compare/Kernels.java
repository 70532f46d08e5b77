import dev.latente.tensor.Acceleration;
import dev.latente.tensor.Fused;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/// Each kernel and the operation of libtorch that it stands for, in turns: the median processor
/// time of each on the calling thread, their ratio, and the greatest difference of their results,
/// whose variance is about 1. With one thread (`OMP_NUM_THREADS=1`) that is all of the time,
/// whoever else uses the machine.
///
/// `kernels.sh [ROUNDS]`
@SuppressWarnings("DefaultPackage") // run as a file
final class Kernels {
  private static final int BATCH = 2; // the two halves of guidance
  private static final int HEADS = 8;
  private static final RandomNoise NOISE = RandomNoise.seeded(1);

  // Those of SD 1.5's U-Net and autoencoder: channels in and out, and the side of the map.
  private static final int[][] CONVOLUTIONS = {
    {320, 320, 64},
    {960, 320, 64},
    {640, 640, 32},
    {1280, 1280, 16},
    {1280, 1280, 8},
    {512, 512, 64},
    {256, 256, 128},
    {128, 128, 256},
    {64, 64, 32}
  };

  // Rows, numbers in and out.
  private static final int[][] MAPS = {
    {8192, 320, 320}, {8192, 1280, 320}, {2048, 640, 640}, {512, 5120, 1280}
  };
  private static final int[][] GATED = {{8192, 320, 1280}, {2048, 640, 2560}, {512, 1280, 5120}};

  // Queries, keys, features of a head.
  private static final int[][] ATTENTIONS = {
    {4096, 4096, 40}, {1024, 1024, 80}, {256, 256, 160}, {4096, 77, 40}, {1024, 77, 80}
  };

  private final int rounds;

  private Kernels(int rounds) {
    this.rounds = rounds;
  }

  static void main(String[] args) {
    if (!Acceleration.use(true)) {
      throw new IllegalStateException("needs --add-modules=jdk.incubator.vector");
    }
    Kernels kernels = new Kernels(args.length == 0 ? 9 : Integer.parseInt(args[0]));
    System.out.println(
        "operation                         libtorch     kernel   ratio   difference");
    try (Scope _ = Scope.open()) {
      Arrays.stream(CONVOLUTIONS).forEach(kernels::convolution);
      Arrays.stream(MAPS).forEach(kernels::map);
      Arrays.stream(GATED).forEach(kernels::gated);
      Arrays.stream(ATTENTIONS).forEach(kernels::attention);
    }
  }

  private static Tensor matrix(long rows, long columns) {
    return NOISE.normal(rows, columns).times(1 / Math.sqrt((double) columns));
  }

  private void convolution(int[] size) {
    try (Scope _ = Scope.open()) {
      Tensor x = NOISE.normal(BATCH, size[0], size[2], size[2]).channelsLast();
      Tensor weight = matrix(size[1], 9L * size[0]).reshape(size[1], size[0], 3, 3);
      Tensor bias = NOISE.normal(size[1]);
      compare("convolution", size, () -> x.conv2d(weight, Optional.of(bias), 1, 1));
    }
  }

  private void map(int[] size) {
    try (Scope _ = Scope.open()) {
      Tensor x = NOISE.normal(size[0], size[1]);
      Tensor weight = matrix(size[2], size[1]);
      Tensor bias = NOISE.normal(size[2]);
      compare("linear map", size, () -> x.linear(weight, bias));
    }
  }

  private void gated(int[] size) {
    try (Scope _ = Scope.open()) {
      Tensor x = NOISE.normal(size[0], size[1]);
      Tensor weight = matrix(2L * size[2], size[1]);
      Tensor bias = NOISE.normal(2L * size[2]);
      compare("gated map", size, () -> Fused.geglu(x, weight, bias));
    }
  }

  private void attention(int[] size) {
    try (Scope _ = Scope.open()) {
      Tensor q = NOISE.normal(BATCH, size[0], HEADS, size[2]).transpose(1, 2);
      Tensor k = NOISE.normal(BATCH, size[1], HEADS, size[2]).transpose(1, 2);
      Tensor v = NOISE.normal(BATCH, size[1], HEADS, size[2]).transpose(1, 2);
      compare("attention", size, () -> q.attention(k, v, false));
    }
  }

  private void compare(String name, int[] size, Supplier<Tensor> operation) {
    double[] ours = new double[rounds];
    double[] libtorch = new double[rounds];
    Acceleration.use(true);
    for (int i = 0; i < rounds; i++) {
      seconds(operation); // Java compiles the kernel meanwhile
    }
    float[] found = result(operation);
    Acceleration.use(false);
    float[] wanted = result(operation);
    for (int i = 0; i < rounds; i++) {
      Acceleration.use(false);
      libtorch[i] = seconds(operation);
      Acceleration.use(true);
      ours[i] = seconds(operation);
    }
    System.out.printf(
        "%-11s %18s  %7.1f ms %7.1f ms  %6.2f   %.0e%n",
        name,
        Arrays.toString(size),
        median(libtorch) * 1e3,
        median(ours) * 1e3,
        median(ours) / median(libtorch),
        difference(found, wanted));
  }

  private static double seconds(Supplier<Tensor> operation) {
    var threads = ManagementFactory.getThreadMXBean();
    try (Scope _ = Scope.open()) {
      long begin = threads.getCurrentThreadCpuTime();
      Tensor _ = operation.get();
      return (threads.getCurrentThreadCpuTime() - begin) / 1e9;
    }
  }

  private static float[] result(Supplier<Tensor> operation) {
    try (Scope _ = Scope.open()) {
      return operation.get().toFloatArray();
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
