package dev.latente.training;

import dev.latente.tensor.Precision;

/// How long and how to train, whatever is trained.
///
/// @param steps all steps, positive
/// @param batch samples of a step, positive
/// @param rate the learning rate at its peak
/// @param warmUp steps until the peak
/// @param averageDecay share of the moving average kept each step, 0 to 1
/// @param clip longest gradient
/// @param decay weight decay
/// @param seed of the fresh weights and all random choices
/// @param precision of convolutions and products; weights stay f32
/// @param checkpointSteps steps between checkpoints
/// @param sampleSteps steps between sheets of samples
public record TrainingPlan(
    long steps,
    int batch,
    double rate,
    long warmUp,
    double averageDecay,
    double clip,
    double decay,
    long seed,
    Precision precision,
    long checkpointSteps,
    long sampleSteps) {
  public TrainingPlan {
    positive("steps", steps);
    positive("batch", batch);
    positive("steps between checkpoints", checkpointSteps);
    positive("steps between samples", sampleSteps);
    if (!(rate > 0) || !(clip > 0) || !(decay >= 0) || !(averageDecay >= 0 && averageDecay < 1)) {
      throw new IllegalArgumentException(
          "need rate > 0, clip > 0, weight decay >= 0 and 0 <= average decay < 1: %s, %s, %s, %s"
              .formatted(rate, clip, decay, averageDecay));
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }

  /// The rate of each step.
  LearningRate learningRate() {
    return new LearningRate(rate, Math.min(warmUp, steps - 1), steps, 0.02);
  }
}
