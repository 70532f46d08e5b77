package dev.latente.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.function.LongConsumer;

/// Machine code of our own in pages of its own, a function of the address of its operands, for
/// Linux on x86-64.
final class NativeCode {
  private static final int ALIGNMENT = 64;

  private final MethodHandle function;
  private final ThreadLocal<MemorySegment> operands;

  /// Whether the processor can run it is the caller's to know.
  ///
  /// @param operands bytes of its operands
  /// @throws UnsupportedOperationException if Linux forbids such code
  NativeCode(byte[] code, int operands) {
    function =
        NativePages.ofCode(code)
            .orElseThrow(() -> new UnsupportedOperationException("no code can be made here"))
            .function();
    this.operands = ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(operands, ALIGNMENT));
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
