package dev.latente.tensor;

import dev.latente.kernel.LaneProductCode;
import dev.latente.kernel.LaneScoreCode;
import dev.latente.kernel.LaneShortCode;
import dev.latente.kernel.LaneSteps;
import dev.latente.kernel.ShortPanelCode;

/// Attention whose lanes are queries by machine code.
final class NativeLanes implements LaneSteps {
  private final NativeCode products =
      new NativeCode(LaneProductCode.bytes(), LaneProductCode.OPERANDS);
  private final NativeCode weights = scores(false);
  private final NativeCode shortWeights = scores(true);
  private final NativeCode panels = new NativeCode(ShortPanelCode.bytes(), ShortPanelCode.OPERANDS);
  private final NativeCode shortScores = products(true);
  private final NativeCode shortFound = products(false);

  private static NativeCode scores(boolean shorts) {
    return new NativeCode(LaneScoreCode.of(shorts), LaneScoreCode.OPERANDS);
  }

  private static NativeCode products(boolean scores) {
    return new NativeCode(LaneShortCode.of(scores), LaneShortCode.OPERANDS);
  }

  @Override
  public void multiply(Product job) {
    products.run(at -> LaneProductCode.operands(job, at));
  }

  @Override
  public void weigh(Weights job) {
    (job.shorts() ? shortWeights : weights).run(at -> LaneScoreCode.operands(job, at));
  }

  @Override
  public void shorten(Panels job) {
    panels.run(at -> ShortPanelCode.operands(job, at));
  }

  @Override
  public void multiplyShorts(Product job, Scales scales) {
    (scales.lanes() == 0 ? shortFound : shortScores)
        .run(at -> LaneShortCode.operands(job, scales, at));
  }
}
