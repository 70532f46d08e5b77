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

  private static boolean vectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        && WinogradTransform.LANE_COUNT >= 4;
  }
}
