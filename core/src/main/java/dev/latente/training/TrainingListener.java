package dev.latente.training;

import java.awt.image.BufferedImage;

/// Hears of training; asked whether it should stop.
public interface TrainingListener {
  /// Called while pictures are made ready, before the first step.
  void onPrepared(int done, int count);

  /// Called after each step.
  void onStep(TrainingProgress progress);

  /// Called with a sheet of samples now and then.
  ///
  /// @param step steps done
  /// @param sheet of an autoencoder, originals above what it makes of them; of a diffusion model,
  ///   its prompts
  void onSamples(long step, BufferedImage sheet);

  /// Whether training should stop after this step; it then writes a checkpoint first.
  boolean stopRequested();
}
