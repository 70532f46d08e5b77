package dev.latente.sampling;

import dev.latente.tensor.Tensor;

/// Hears of each step of a sampler, for progress and previews.
///
/// To cancel, throw [java.util.concurrent.CancellationException]: it passes through the sampler.
@FunctionalInterface
public interface StepListener {
  /// Called once a step, when the network has been asked and before the step is taken.
  ///
  /// @param step counted from 1
  /// @param steps how many there will be
  /// @param denoised the current estimate of the clean latents `[N, C, H, W]`
  void onStep(int step, int steps, Tensor denoised);

  /// One that does nothing.
  static StepListener none() {
    return (_, _, _) -> {};
  }
}
