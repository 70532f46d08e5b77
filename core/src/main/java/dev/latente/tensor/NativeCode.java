package dev.latente.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Consumer;

/// Machine code of our own in pages of its own, a function of the address of its operands, for
/// Linux on x86-64.
final class NativeCode {
  private static final MethodHandle CALL = call();

  private final MemorySegment function;
  private final ThreadLocal<Operands> operands;

  /// Operands, and the same as memory.
  @SuppressWarnings("ArrayRecordComponent") // seen in this file only, and never compared
  private record Operands(long[] numbers, MemorySegment memory) {
    static Operands of(int bytes) {
      long[] numbers = new long[Math.ceilDiv(bytes, Long.BYTES)];
      return new Operands(numbers, MemorySegment.ofArray(numbers));
    }
  }

  /// Whether the processor can run it is the caller's to know.
  ///
  /// @param operands bytes of its operands
  /// @throws UnsupportedOperationException if Linux forbids such code
  NativeCode(byte[] code, int operands) {
    function =
        NativePages.ofCode(code)
            .map(pages -> MemorySegment.ofAddress(pages.address()))
            .orElseThrow(() -> new UnsupportedOperationException("no code can be made here"));
    this.operands = ThreadLocal.withInitial(() -> Operands.of(operands));
  }

  // Java's collector waits while such a function runs: some are called a thousand times in a
  // second, and none takes more than a few milliseconds.
  @SuppressWarnings("restricted") // the code is ours, for this processor
  private static MethodHandle call() {
    return Linker.nativeLinker()
        .downcallHandle(
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS), Linker.Option.critical(true));
  }

  /// Runs it.
  ///
  /// @param write writes the operands
  void run(Consumer<long[]> write) {
    Operands mine = operands.get();
    write.accept(mine.numbers);
    try {
      CALL.invokeExact(function, mine.memory);
    } catch (Throwable e) {
      throw new IllegalStateException("machine code failed", e);
    }
  }
}
