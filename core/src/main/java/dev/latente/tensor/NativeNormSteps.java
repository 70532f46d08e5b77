package dev.latente.tensor;

import dev.latente.kernel.NormCode;
import dev.latente.kernel.NormSteps;

/// The walks of norms by machine code.
final class NativeNormSteps implements NormSteps {
  private final NativeCode sums = new NativeCode(NormCode.sums(), NormCode.OPERANDS);
  private final NativeCode scale = new NativeCode(NormCode.scale(false), NormCode.OPERANDS);
  private final NativeCode silu = new NativeCode(NormCode.scale(true), NormCode.OPERANDS);

  @Override
  public void sums(long x, int quads, long row, long to) {
    sums.run(at -> NormCode.operands(x, quads, row, to, 0, at));
  }

  @Override
  public void scale(long x, int pixels, long lines, long row, boolean withSilu, long y) {
    (withSilu ? silu : scale).run(at -> NormCode.operands(x, pixels, row, lines, y, at));
  }
}
