package dev.latente.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// How fast this machine multiplies, to compare with what a model reaches.
public final class PeakRate {
  private static final int SIDE = 1024; // of a matrix: 4 MB, most of it in the caches
  private static final double NANOS = 1e9;

  private PeakRate() {}

  /// The most arithmetic in f32 it was seen to do, in operations a second: products of matrices on
  /// `threads` threads at once, one for each.
  ///
  /// @param seconds how long to try
  public static double measured(int threads, double seconds) {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Double>> rates = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        rates.add(pool.submit(() -> rate(seconds)));
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
      multiply(a, b); // warms up
      long begin = System.nanoTime();
      long count = 0;
      while (System.nanoTime() - begin < seconds * NANOS) {
        multiply(a, b);
        count++;
      }
      return count * 2.0 * SIDE * SIDE * SIDE / ((System.nanoTime() - begin) / NANOS);
    }
  }

  private static void multiply(Tensor a, Tensor b) {
    try (Scope _ = Scope.open()) {
      a.matmul(b);
    }
  }
}
