package dev.latente.tensor;

import dev.latente.kernel.LaneProductCode;
import dev.latente.kernel.LaneScoreCode;
import dev.latente.kernel.LaneSteps;

/// Attention whose lanes are queries by machine code.
final class NativeLanes implements LaneSteps {
  private final NativeCode products =
      new NativeCode(LaneProductCode.bytes(), LaneProductCode.OPERANDS);
  private final NativeCode weights = new NativeCode(LaneScoreCode.bytes(), LaneScoreCode.OPERANDS);

  @Override
  public void multiply(Product job) {
    products.run(at -> LaneProductCode.operands(job, at));
  }

  @Override
  public void weigh(Weights job) {
    weights.run(at -> LaneScoreCode.operands(job, at));
  }
}
