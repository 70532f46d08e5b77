package dev.latente.tensor;

/// How many threads operations on a processor use.
public final class Threads {
  private Threads() {}

  /// Those of operations that the calling thread runs.
  public static int count() {
    return Native.threads();
  }

  /// Changes that for the calling thread; other threads may see it or not.
  ///
  /// @param count 1 or more
  public static void use(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads must be 1 or more: " + count);
    }
    Native.threads(count);
  }
}
