package dev.latente.sampling;

import dev.latente.tensor.Tensor;

/// Makes a sampler do what the loops of diffusers' tests do, which replace the sample by the scaled
/// input of the network before each step: `x / sqrt(1 + σ²)` is then stepped on from.
///
/// Samplers keep their own `x`, so this keeps the state of such a loop beside it: it learns from
/// `x` what was added since the last call, and answers so that the next step adds what the loop
/// would.
final class ScaledSampleDenoiser implements Denoiser {
  private final Prediction prediction;
  private final int callsPerStep;
  private int calls;
  private Tensor x; // the sampler's, where its step began
  private Tensor state; // the loop's, there, already scaled

  ScaledSampleDenoiser(Prediction prediction, int callsPerStep, Tensor x) {
    this.prediction = prediction;
    this.callsPerStep = callsPerStep;
    this.x = x;
    this.state = x;
  }

  @Override
  public Tensor denoise(Tensor noisy, NoiseLevel level) {
    Tensor scaled = state(noisy).times(level.alpha());
    if (calls++ % callsPerStep == 0) {
      state = scaled;
      x = noisy;
    }
    Tensor output = PublishedNumbersTest.network(scaled, level.timestep());
    Tensor clean = prediction.clean(scaled, output, level.sigma());
    return noisy.minus(scaled).plus(clean);
  }

  /// The loop's state when the sampler has come to `noisy`.
  Tensor state(Tensor noisy) {
    return state.plus(noisy.minus(x));
  }
}
