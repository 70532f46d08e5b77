package dev.latente.tensor;

import dev.latente.kernel.ScoreCode;
import dev.latente.kernel.ScoreWeights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Weights of scores by [ScoreCode] in pages of its own, for Linux on processors with AVX-512.
final class NativeScores implements ScoreWeights {
  private static final ThreadLocal<MemorySegment> OPERANDS =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(ScoreCode.OPERANDS, 64));

  private final MethodHandle function;

  private NativeScores(NativePages pages) {
    this.function = pages.function();
  }

  /// Unless Linux forbids such code. Whether the processor can run it is the caller's to know.
  static Optional<NativeScores> make() {
    return NativePages.ofCode(ScoreCode.bytes()).map(NativeScores::new);
  }

  @Override
  public void weigh(Job job) {
    MemorySegment operands = OPERANDS.get();
    ScoreCode.operands(job, operands.address());
    try {
      function.invokeExact(operands.address());
    } catch (Throwable e) {
      throw new IllegalStateException("weights of scores failed", e);
    }
  }
}
