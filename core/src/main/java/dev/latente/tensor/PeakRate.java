package dev.latente.tensor;

import dev.latente.kernel.TileProduct;
import dev.latente.kernel.TileProduct.Job;
import dev.latente.kernel.TileProduct.Series;
import dev.latente.kernel.TileShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;

/// How fast this machine multiplies, to compare with what a model reaches.
public final class PeakRate {
  private static final int SIDE = 1024; // of a matrix: 4 MB, most of it in the caches
  private static final double NANOS = 1e9;

  // What tiles multiply, near a core: as many numbers as kernels take at once.
  private static final int ROWS = 256;
  private static final int COLUMNS = 320;
  private static final int DEPTH = 320;
  private static final long PAGE = 4096;

  private PeakRate() {}

  /// The most arithmetic in f32 it was seen to do, in operations a second: products of matrices on
  /// `threads` threads at once, one for each, by libtorch, and by our machine code where there is
  /// some; the greater of the two rates is meant. Where the processor multiplies tiles of matrices
  /// in bf16, three such products count as one in f32, which is what the kernels make of them.
  ///
  /// @param seconds how long to try each way
  public static double measured(int threads, double seconds) {
    double whole = together(threads, () -> rate(seconds));
    return NativeTiles.here()
        .map(tiles -> Math.max(whole, together(threads, () -> rate(tiles, seconds))))
        .orElse(whole);
  }

  private static double together(int threads, DoubleSupplier one) {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Double>> rates = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        rates.add(pool.submit(one::getAsDouble));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return sum;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot multiply matrices", e);
    }
  }

  private static double rate(double seconds) {
    try (Scope _ = Scope.open()) {
      RandomNoise noise = RandomNoise.seeded(0);
      Tensor a = noise.normal(SIDE, SIDE);
      Tensor b = noise.normal(SIDE, SIDE);
      return 2.0 * SIDE * SIDE * SIDE * times(() -> multiply(a, b), seconds);
    }
  }

  private static double rate(TileProduct tiles, double seconds) {
    TileShape shape = TileShape.HALVES;
    int count = DEPTH / TileShape.DEEP;
    long low = (long) (ROWS + 1) * TileShape.DEEP * Short.BYTES;
    long[] steps = LongStream.range(0, count).map(step -> 2 * step * low).toArray();
    try (Arena arena = Arena.ofConfined()) {
      long a = random(arena.allocate(2 * count * low, PAGE));
      long b = random(arena.allocate(shape.bytes(COLUMNS, count), PAGE));
      long y = arena.allocate((long) ROWS * COLUMNS * Float.BYTES, PAGE).address();
      Series across = Series.across(shape, COLUMNS, count);
      Job job = new Job(shape, a, low, steps, b, y, ROWS, COLUMNS, across, false);
      double rate = times(() -> tiles.multiply(job), seconds);
      return 2.0 * ROWS * COLUMNS * DEPTH * rate;
    }
  }

  /// Fills memory with numbers in bf16 of no order, as a processor is slower with those than with
  /// zeros.
  private static long random(MemorySegment memory) {
    Random numbers = new Random(0);
    for (long i = 0; i < memory.byteSize() / Short.BYTES; i++) {
      int bits = Float.floatToRawIntBits((float) numbers.nextGaussian());
      memory.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >> Short.SIZE));
    }
    return memory.address();
  }

  /// How often a second something is done.
  private static double times(Runnable what, double seconds) {
    what.run(); // warms up
    long begin = System.nanoTime();
    long count = 0;
    while (System.nanoTime() - begin < seconds * NANOS) {
      what.run();
      count++;
    }
    return count / ((System.nanoTime() - begin) / NANOS);
  }

  private static void multiply(Tensor a, Tensor b) {
    try (Scope _ = Scope.open()) {
      a.matmul(b);
    }
  }
}
