package dev.latente.training;

import dev.latente.tensor.AdamW;
import dev.latente.tensor.Autocast;
import dev.latente.tensor.Device;
import dev.latente.tensor.MovingAverage;
import dev.latente.tensor.NativeHeap;
import dev.latente.tensor.Parameters;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tape;
import dev.latente.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Makes an objective small: gradients, clipping, AdamW, moving average, checkpoints.
///
/// [VaeTraining] and [DiffusionTraining] train with it; so can networks of one's own. Not
/// thread-safe.
public final class TrainingLoop {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.99;
  private static final double EPSILON = 1e-8;
  private static final double LOSS_MEMORY = 0.98;

  private final TrainingPlan plan;
  private final Path checkpointFile;
  private final String recipe;
  private final Parameters parameters;
  private final AdamW optimizer;
  private final MovingAverage average;
  private final TrainingState state;

  /// A loop over `weights`.
  ///
  /// @param recipe what must be the same to resume
  public TrainingLoop(
      TrainingPlan plan, Map<String, Tensor> weights, Path checkpointFile, String recipe) {
    NativeHeap.keepFreed();
    this.plan = plan;
    this.checkpointFile = checkpointFile;
    this.recipe = recipe;
    parameters = new Parameters(weights);
    optimizer = new AdamW(parameters, BETA1, BETA2, EPSILON, plan.decay());
    average = new MovingAverage(parameters.values());
    state = new TrainingState(parameters, optimizer, average);
  }

  /// Trains what draws no pictures, from the last checkpoint or the start, to the end or until
  /// stopped.
  ///
  /// @return whether the end was reached
  public boolean run(Objective objective, TrainingListener listener) throws IOException {
    return run(objective, Optional.empty(), listener);
  }

  /// Trains from the last checkpoint, or from the start, to the end or until stopped.
  ///
  /// @param samples draws a sheet of pictures with the averaged weights
  /// @return whether the end was reached
  public boolean run(
      Objective objective, Supplier<BufferedImage> samples, TrainingListener listener)
      throws IOException {
    return run(objective, Optional.of(samples), listener);
  }

  private boolean run(
      Objective objective, Optional<Supplier<BufferedImage>> samples, TrainingListener listener)
      throws IOException {
    TrainingState.Reached reached =
        Files.exists(checkpointFile)
            ? state.read(checkpointFile, recipe)
            : TrainingState.Reached.NOTHING;
    long start = reached.step();
    LearningRate rate = plan.learningRate();
    long began = System.nanoTime();
    double mean = reached.loss();
    for (long step = start; step < plan.steps(); step++) {
      double loss = descend(objective, step);
      double norm = parameters.clipGradients(plan.clip());
      requireFinite(loss, norm, step);
      optimizer.step(rate.at(step));
      parameters.clearGradients();
      average.update(
          parameters.values(), Math.min(plan.averageDecay(), (1.0 + step) / (10 + step)));
      mean = Double.isNaN(mean) ? loss : LOSS_MEMORY * mean + (1 - LOSS_MEMORY) * loss;
      long done = step + 1;
      listener.onStep(progress(done, start, began, mean, norm));
      boolean stop = listener.stopRequested();
      if (done % plan.checkpointSteps() == 0 || done == plan.steps() || stop) {
        state.write(checkpointFile, new TrainingState.Reached(done, mean), recipe);
      }
      if (stop && done < plan.steps()) {
        return false;
      }
      if (done % plan.sampleSteps() == 0 || done == plan.steps()) {
        samples.ifPresent(draw -> withAverage(() -> listener.onSamples(done, draw.get())));
      }
    }
    return true;
  }

  /// Runs `body` with the averaged weights in place.
  public void withAverage(Runnable body) {
    try (Scope _ = Scope.open()) {
      parameters.with(average.values(), body);
    }
  }

  private double descend(Objective objective, long step) {
    try (Scope _ = Scope.open();
        Tape _ = Tape.open()) {
      Tensor loss;
      try (Autocast _ = Autocast.open(Device.CPU, plan.precision())) {
        loss = objective.loss(step);
      }
      parameters.backward(loss);
      return loss.item();
    }
  }

  private static void requireFinite(double loss, double norm, long step) {
    if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
      throw new ArithmeticException(
          "training diverged at step %d: loss %s, gradient %s; a smaller learning rate may help"
              .formatted(step, loss, norm));
    }
  }

  private TrainingProgress progress(long done, long start, long began, double loss, double norm) {
    double seconds = (System.nanoTime() - began) / 1e9;
    double perStep = seconds / (done - start);
    return new TrainingProgress(
        done, plan.steps(), loss, norm, plan.batch() / perStep, perStep * (plan.steps() - done));
  }
}
