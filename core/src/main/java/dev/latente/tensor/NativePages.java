package dev.latente.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Memory of Linux itself, apart from the C library's heap: what stays for long would cut that into
/// pieces, in which a large tensor finds no place.
///
/// @param address of the first byte
/// @param bytes how many
record NativePages(long address, long bytes) {
  // From sys/mman.h of Linux.
  private static final int READ_AND_WRITE = 3;
  private static final int READ_AND_RUN = 5;
  private static final int PRIVATE_AND_ANONYMOUS = 0x22;
  private static final long FAILED = -1;
  private static final int ASK_FOR_LARGE = 14;

  // From here on there are large pages.
  private static final long LARGE = 2L << 20;

  private static final class Calls {
    static final MethodHandle MAP =
        function(
            "mmap",
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG));
    static final MethodHandle ADVISE =
        function(
            "madvise",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
    static final MethodHandle UNMAP =
        function(
            "munmap",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    static final MethodHandle PROTECT =
        function(
            "mprotect",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));

    @SuppressWarnings("restricted") // they take numbers
    private static MethodHandle function(String name, FunctionDescriptor type) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
    }
  }

  /// Memory that holds zeros, unless none is left; in large pages where Linux has such.
  static Optional<NativePages> of(long bytes) {
    long address;
    try {
      address =
          (long) Calls.MAP.invokeExact(0L, bytes, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, -1, 0L);
      if (address != FAILED && bytes >= LARGE) {
        int ignored = (int) Calls.ADVISE.invokeExact(address, bytes, ASK_FOR_LARGE);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("mmap or madvise cannot be called", e);
    }
    return address == FAILED ? Optional.empty() : Optional.of(new NativePages(address, bytes));
  }

  /// Memory from which the processor runs `code`, unless none is left or Linux forbids it. Nobody
  /// can write to it.
  static Optional<NativePages> ofCode(byte[] code) {
    Optional<NativePages> pages = of(code.length);
    if (pages.isEmpty()) {
      return pages;
    }
    long address = pages.get().address();
    MemorySegment.copy(
        code, 0, memory(address, code.length), ValueLayout.JAVA_BYTE, 0, code.length);
    try {
      if ((int) Calls.PROTECT.invokeExact(address, (long) code.length, READ_AND_RUN) == 0) {
        return pages;
      }
    } catch (Throwable e) {
      throw new IllegalStateException("mprotect cannot be called", e);
    }
    pages.get().release();
    return Optional.empty();
  }

  @SuppressWarnings("restricted") // just mapped
  private static MemorySegment memory(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  void release() {
    try {
      int ignored = (int) Calls.UNMAP.invokeExact(address, bytes);
    } catch (Throwable e) {
      throw new IllegalStateException("munmap cannot be called", e);
    }
  }
}
