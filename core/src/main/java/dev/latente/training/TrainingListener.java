package dev.latente.training;

import dev.latente.tensor.Tensor;

/// Hears of training; asked whether it should stop.
public interface TrainingListener {
  /// Called while pictures are made ready, before the first step.
  void onPrepared(int done, int count);

  /// Called after each step.
  void onStep(TrainingProgress progress);

  /// Called with a sheet of samples now and then.
  ///
  /// @param step steps done
  /// @param pictures `[N, 3, H, W]`, -1 (black) to 1 (white)
  void onSamples(long step, Tensor pictures);

  /// Whether training should stop after this step; it then writes a checkpoint first.
  boolean stopRequested();
}
