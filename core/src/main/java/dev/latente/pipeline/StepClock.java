package dev.latente.pipeline;

import dev.latente.sampling.StepListener;

/// Knows the step that a sampler is at. Not thread-safe.
///
/// A sampler that asks more than once a step asks, after the first time, at or before the next
/// step's noise level; that step's texts are taken for it.
final class StepClock {
  private int step;

  /// One that begins at `first`, counted from 0.
  StepClock(int first) {
    step = first;
  }

  /// The current step, counted from 0.
  int step() {
    return step;
  }

  /// `listener`, setting the clock before it hears of a step.
  StepListener around(StepListener listener) {
    int first = step;
    return (done, steps, denoised) -> {
      step = first + done;
      listener.onStep(done, steps, denoised);
    };
  }
}
