package dev.latente.model;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The pages of a mapped file that are in memory.
final class Pages {
  // MADV_DONTNEED in sys/mman.h of Linux and macOS.
  private static final int NOT_NEEDED = 4;

  /// Pages are no larger on the systems that have [#advice].
  private static final long SIZE = 65_536;

  private Pages() {}

  // Linked on first use: most files are too small to need it.
  private static final class Advice {
    static final Optional<MethodHandle> CALL = find();

    @SuppressWarnings("restricted") // madvise takes a range of memory and a number
    private static Optional<MethodHandle> find() {
      Linker linker = Linker.nativeLinker();
      FunctionDescriptor type =
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT);
      return linker
          .defaultLookup()
          .find("madvise")
          .map(function -> linker.downcallHandle(function, type));
    }
  }

  /// Tells the system that the pages wholly inside `mapped`, which nobody has written to, may leave
  /// memory; they are read again if they are asked for. Does nothing where that cannot be told.
  static void leave(MemorySegment mapped) {
    long begin = Math.ceilDiv(mapped.address(), SIZE) * SIZE;
    long end = Math.floorDiv(mapped.address() + mapped.byteSize(), SIZE) * SIZE;
    if (end <= begin || Advice.CALL.isEmpty()) {
      return;
    }
    MemorySegment whole = mapped.asSlice(begin - mapped.address(), end - begin);
    try {
      int ignored = (int) Advice.CALL.get().invokeExact(whole, end - begin, NOT_NEEDED);
    } catch (Throwable e) {
      throw new IllegalStateException("madvise cannot be called", e);
    }
  }
}
