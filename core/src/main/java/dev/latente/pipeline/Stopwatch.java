package dev.latente.pipeline;

/// Measures stages that follow one another. Not thread-safe.
final class Stopwatch {
  private static final double SECOND = 1e9; // nanoseconds

  private long last = System.nanoTime();

  /// Seconds since the last lap, or since the start.
  double lap() {
    long now = System.nanoTime();
    double seconds = (now - last) / SECOND;
    last = now;
    return seconds;
  }
}
