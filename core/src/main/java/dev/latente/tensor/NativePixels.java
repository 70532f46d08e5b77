package dev.latente.tensor;

import dev.latente.kernel.TileNumbers;
import dev.latente.kernel.WinogradInputCode;
import dev.latente.kernel.WinogradOutputCode;
import dev.latente.kernel.WinogradTiles;

/// Transforms of pixels by machine code.
final class NativePixels implements WinogradTiles {
  private final NativeCode in;
  private final NativeCode out =
      new NativeCode(WinogradOutputCode.of(false), WinogradOutputCode.OPERANDS);
  private final NativeCode outPlus =
      new NativeCode(WinogradOutputCode.of(true), WinogradOutputCode.OPERANDS);

  NativePixels(TileNumbers form) {
    in = new NativeCode(WinogradInputCode.of(form), WinogradInputCode.OPERANDS);
  }

  @Override
  public void input(Input job) {
    in.run(at -> WinogradInputCode.operands(job, at));
  }

  @Override
  public void output(Output job) {
    (job.plus() ? outPlus : out).run(at -> WinogradOutputCode.operands(job, at));
  }
}
