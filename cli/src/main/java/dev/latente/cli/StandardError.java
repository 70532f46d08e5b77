package dev.latente.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/// The process's standard error, which the launcher keeps aside while Java starts, as Java cannot
/// be told not to announce experimental modules.
final class StandardError {
  /// The property with the file descriptor that is the true standard error.
  private static final String PROPERTY = "latente.stderr";

  private static final int STANDARD_ERROR = 2;

  private StandardError() {}

  /// Puts back what the launcher kept aside, if it did.
  static void restore() {
    Integer kept = Integer.getInteger(PROPERTY);
    if (kept != null) {
      duplicate(kept);
    }
  }

  @SuppressWarnings("restricted")
  private static void duplicate(int descriptor) {
    Linker linker = Linker.nativeLinker();
    var dup2 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    try {
      int _ = (int) dup2.invokeExact(descriptor, STANDARD_ERROR);
    } catch (Throwable e) {
      throw new IllegalStateException("dup2 failed", e);
    }
  }
}
