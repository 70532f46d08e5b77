package dev.latente.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Machine code of our own in pages of its own, a function of the address of its operands, for
/// Linux on x86-64.
final class NativeCode {
  private static final int ALIGNMENT = 64;

  private final MethodHandle function;
  private final ThreadLocal<MemorySegment> operands;

  private NativeCode(NativePages pages, int bytes) {
    function = pages.function();
    operands = ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(bytes, ALIGNMENT));
  }

  /// Unless Linux forbids such code. Whether the processor can run it is the caller's to know.
  ///
  /// @param operands bytes of its operands
  static Optional<NativeCode> of(byte[] code, int operands) {
    return NativePages.ofCode(code).map(pages -> new NativeCode(pages, operands));
  }

  /// Runs it.
  ///
  /// @param write writes the operands to an address
  void run(LongConsumer write) {
    MemorySegment memory = operands.get();
    write.accept(memory.address());
    try {
      function.invokeExact(memory.address());
    } catch (Throwable e) {
      throw new IllegalStateException("machine code failed", e);
    }
  }
}
