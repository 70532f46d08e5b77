package dev.latente.tensor;

import dev.latente.kernel.AddCode;
import dev.latente.kernel.GateCode;
import dev.latente.kernel.RowOutputs;

/// What becomes of sums, by machine code.
final class NativeOutputs implements RowOutputs {
  private final NativeCode add = new NativeCode(AddCode.of(false), AddCode.OPERANDS);
  private final NativeCode addPlus = new NativeCode(AddCode.of(true), AddCode.OPERANDS);
  private final NativeCode gate = new NativeCode(GateCode.bytes(), GateCode.OPERANDS);

  @Override
  public void add(Add job) {
    (job.other() == 0 ? add : addPlus).run(at -> AddCode.operands(job, at));
  }

  @Override
  public void gate(Gate job) {
    gate.run(at -> GateCode.operands(job, at));
  }
}
