package dev.latente.cli;

import dev.latente.tensor.Precision;
import dev.latente.training.ImageFolder;
import dev.latente.training.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// What both trainings are told: the pictures, how long, and where the results go.
///
/// Filled in by the command line; not thread-safe.
final class TrainingOptions {
  @Option(names = "--data", required = true, paramLabel = "DIR", descriptionKey = "data")
  private Path data = Path.of("");

  @Option(names = "--out", required = true, paramLabel = "DIR", descriptionKey = "out")
  private Path out = Path.of("");

  @Option(names = "--steps", paramLabel = "N", defaultValue = "5000", descriptionKey = "steps")
  private long steps;

  @Option(names = "--until", paramLabel = "N", descriptionKey = "until")
  private long until = Long.MAX_VALUE;

  @Option(names = "--batch", paramLabel = "N", defaultValue = "16", descriptionKey = "batch")
  private int batch;

  @Option(names = "--rate", paramLabel = "X", defaultValue = "0.001", descriptionKey = "rate")
  private double rate;

  @Option(names = "--warm-up", paramLabel = "N", defaultValue = "200", descriptionKey = "warmUp")
  private long warmUp;

  @Option(names = "--average", paramLabel = "X", defaultValue = "0.998", descriptionKey = "average")
  private double average;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      defaultValue = "0.01",
      descriptionKey = "decay")
  private double decay;

  @Option(names = "--clip", paramLabel = "X", defaultValue = "1", descriptionKey = "clip")
  private double clip;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", descriptionKey = "seed")
  private long seed;

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "f32",
      descriptionKey = "precision")
  private String precision = "f32";

  @Option(
      names = "--checkpoint",
      paramLabel = "N",
      defaultValue = "200",
      descriptionKey = "checkpoint")
  private long checkpointSteps;

  @Option(names = "--samples", paramLabel = "N", defaultValue = "500", descriptionKey = "samples")
  private long sampleSteps;

  ImageFolder pictures() throws IOException {
    return ImageFolder.open(data);
  }

  ImageFolder picturesWithMaps(String field) throws IOException {
    return ImageFolder.withMaps(data, field);
  }

  Path out() {
    return out;
  }

  /// The step after which to stop, as if asked to; the learning rate still aims at the last step.
  long until() {
    if (until <= 0) {
      throw new IllegalArgumentException("the step to stop after must be positive: " + until);
    }
    return until;
  }

  /// The plan asked for.
  ///
  /// @throws IllegalArgumentException if a number is out of range
  TrainingPlan plan() {
    return new TrainingPlan(
        steps,
        batch,
        rate,
        warmUp,
        average,
        clip,
        decay,
        seed,
        Precision.named(precision),
        checkpointSteps,
        sampleSteps);
  }
}
