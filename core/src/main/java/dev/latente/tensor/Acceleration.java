package dev.latente.tensor;

import dev.latente.kernel.Kernels;
import java.util.concurrent.atomic.AtomicLong;

/// How much memory may be spent on speed, for all models of the process together.
public final class Acceleration {
  private static final AtomicLong FREE = new AtomicLong();

  private Acceleration() {}

  /// Lets convolutions on a processor keep a second form of their weights, four times the size,
  /// with which they take about half the time: [dev.latente.kernel.Winograd]. Results then differ
  /// in the fifth digit. Without this call none is kept.
  ///
  /// @param bytes how much memory these may take beyond what they have
  /// @return whether this machine and this Java can do it: it needs `--add-modules
  ///   jdk.incubator.vector`
  public static boolean allow(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes must be 0 or more: " + bytes);
    }
    FREE.set(bytes);
    return Kernels.available();
  }

  /// Takes `bytes` of what is left, if they are.
  static boolean take(long bytes) {
    return FREE.getAndUpdate(free -> free >= bytes ? free - bytes : free) >= bytes;
  }

  /// Gives back what [#take] took.
  static void give(long bytes) {
    FREE.addAndGet(bytes);
  }
}
