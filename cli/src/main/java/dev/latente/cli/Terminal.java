package dev.latente.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// What the process is connected to.
final class Terminal {
  private static final int STANDARD_ERROR = 2;

  private Terminal() {}

  /// Whether standard error is a terminal. Java itself knows this of standard input and output
  /// only.
  @SuppressWarnings("restricted") // isatty takes a number and gives one
  static boolean watchesErrors() {
    Linker linker = Linker.nativeLinker();
    SymbolLookup symbols = linker.defaultLookup();
    Optional<MemorySegment> function =
        symbols.find("isatty").or(() -> symbols.find("_isatty")); // _isatty on Windows
    if (function.isEmpty()) {
      return false;
    }
    FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    try {
      return (int) linker.downcallHandle(function.get(), type).invokeExact(STANDARD_ERROR) != 0;
    } catch (Throwable e) {
      throw new IllegalStateException("isatty cannot be called", e);
    }
  }
}
