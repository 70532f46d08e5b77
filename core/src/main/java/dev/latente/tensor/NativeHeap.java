package dev.latente.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// What becomes of native memory that tensors give back.
///
/// By default the C library of Linux (glibc) returns every large block to the system at once and
/// asks for it anew for the next tensor, and the system then hands out each page with zeros in it:
/// in a training step a third of the time, and more where memory is virtual twice.
public final class NativeHeap {
  // mallopt(3), https://man7.org/linux/man-pages/man3/mallopt.3.html
  private static final int TRIM_THRESHOLD = -1;
  private static final int LEAST_MAPPED = -3;
  private static final int MOST_MAPPED = -4;

  private static final int LARGE = 8 << 20;
  private static final int PAGE = 4096;

  private NativeHeap() {}

  /// Keeps what tensors give back for the next ones, for the rest of the process: faster, and no
  /// memory returns to the system but what lies at the heap's end, beyond 2 GiB.
  ///
  /// @return whether this system's C library can do that; without it, nothing changes
  public static boolean keepFreed() {
    return Kept.DONE;
  }

  /// Asks the system for `bytes` of memory that tensors will soon need and gives them back to the C
  /// library, in a thread of its own. It keeps what is freed ([#keepFreed]); where that cannot be
  /// done it does nothing. A page is handed out when it is first written to, which can take as long
  /// as computing what is written, above all where memory is virtual twice.
  public static void meet(long bytes) {
    if (keepFreed()) {
      Thread.ofPlatform().daemon().name("meeting memory").start(() -> write(bytes));
    }
  }

  @SuppressWarnings("restricted") // just allocated
  private static void write(long bytes) {
    Linker linker = Linker.nativeLinker();
    MethodHandle allocate =
        linker.downcallHandle(
            linker.defaultLookup().find("malloc").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    MethodHandle free =
        linker.downcallHandle(
            linker.defaultLookup().find("free").orElseThrow(),
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
    try {
      MemorySegment memory = (MemorySegment) allocate.invokeExact(bytes);
      if (memory.address() != 0) {
        MemorySegment pages = memory.reinterpret(bytes);
        for (long at = 0; at < bytes; at += PAGE) {
          pages.set(ValueLayout.JAVA_BYTE, at, (byte) 1);
        }
        free.invokeExact(memory);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("malloc or free cannot be called", e);
    }
  }

  /// Gives each tensor of 8 MB or more memory of its own, which returns to the system when it is
  /// freed, for the rest of the process, unless [#keepFreed]: slower, but in the C library's heaps
  /// such tensors leave gaps in which others find no place.
  ///
  /// @return whether this system's C library can do that; without it, nothing changes
  public static boolean mapLarge() {
    return Mapped.DONE;
  }

  /// Gives the system what the C library keeps by itself, where that can be done: between two tasks
  /// whose tensors have other sizes. After [#keepFreed] much of it stays.
  public static void giveBack() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> function = linker.defaultLookup().find("malloc_trim");
    if (function.isPresent()) {
      FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
      try {
        int ignored = (int) linker.downcallHandle(function.get(), type).invokeExact(0L);
      } catch (Throwable e) {
        throw new IllegalStateException("malloc_trim failed", e);
      }
    }
  }

  // Both are made when first asked for.
  private static final class Kept {
    static final boolean DONE =
        Setting.make(TRIM_THRESHOLD, Integer.MAX_VALUE) && Setting.make(MOST_MAPPED, 0);
  }

  private static final class Mapped {
    static final boolean DONE = Setting.make(LEAST_MAPPED, LARGE);
  }

  private static final class Setting {
    static boolean make(int parameter, int value) {
      Linker linker = Linker.nativeLinker();
      Optional<MemorySegment> function = linker.defaultLookup().find("mallopt");
      if (function.isEmpty()) {
        return false;
      }
      MethodHandle mallopt =
          linker.downcallHandle(
              function.get(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      try {
        return (int) mallopt.invokeExact(parameter, value) == 1;
      } catch (Throwable e) {
        throw new IllegalStateException("mallopt failed", e);
      }
    }
  }
}
