package dev.latente.kernel;

/// Whether the kernels can run here.
public final class Kernels {
  private static final boolean AVAILABLE = vectorModule();

  private Kernels() {}

  /// Whether Java was started with `--add-modules jdk.incubator.vector` on a processor with vectors
  /// of at least four numbers.
  public static boolean available() {
    return AVAILABLE;
  }

  /// Whether vectors have at least 16 numbers, and there are 32 registers of them, as the loops
  /// that compete with compiled ones need.
  public static boolean wide() {
    return AVAILABLE && Lanes.COUNT >= 16;
  }

  private static boolean vectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() && Lanes.COUNT >= 4;
  }
}
