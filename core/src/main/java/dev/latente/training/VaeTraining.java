package dev.latente.training;

import dev.latente.model.DiffusersFolderWriter;
import dev.latente.nn.WeightSource;
import dev.latente.nn.Weights;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vae.Autoencoder;
import dev.latente.vae.VaeConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Trains an autoencoder on a folder of pictures.
///
/// @param config its sizes; the scaling factor is measured at the end
/// @param plan how long and how
/// @param crop side of the pieces cut out of the pictures at random, in pixels; smaller is faster
/// @param divergenceWeight weight of the Kullback-Leibler term, about 1e-6 (Rombach et al.,
///   appendix G)
/// @param edgeWeight weight of the gradient differences, about 0.2
/// @param start what it begins with, and how much of it may change
public record VaeTraining(
    VaeConfig config,
    TrainingPlan plan,
    int crop,
    double divergenceWeight,
    double edgeWeight,
    VaeStart start) {
  private static final int CROP = 2;
  private static final int SHOWN = 8;
  private static final int MEASURED = 256;
  private static final int MEASURED_AT_ONCE = 16;

  public VaeTraining {
    if (crop <= 0 || crop > config.sampleSize() || crop % config.downscale() != 0) {
      throw new IllegalArgumentException(
          "crop must be a multiple of %d up to %d: %d"
              .formatted(config.downscale(), config.sampleSize(), crop));
    }
  }

  /// Trains on `data`, keeping its state in `folder`, and writes the model to `folder/vae` at the
  /// end.
  ///
  /// @return whether the end was reached; if not, the same call goes on
  public boolean run(ImageFolder data, Path folder, TrainingListener listener) throws IOException {
    Files.createDirectories(folder);
    WeightSource weights = start.weights(config, plan.seed());
    Autoencoder autoencoder = Autoencoder.of(Weights.of(weights), config);
    start.check(weights);
    Batches batches = new Batches(data, config.sampleSize());
    String recipe =
        "vae %s batch %d crop %d seed %d pictures %d%s"
            .formatted(config, plan.batch(), crop, plan.seed(), data.size(), start.description());
    TrainingLoop loop =
        new TrainingLoop(
            plan,
            start.trained(weights.tensors()),
            folder.resolve("checkpoint.safetensors"),
            recipe);
    Objective objective =
        new VaeObjective(
            autoencoder, step -> pieces(batches, step), divergenceWeight, edgeWeight, plan.seed());
    int shown = Math.min(SHOWN, data.size());
    boolean finished = loop.run(objective, () -> pairs(autoencoder, batches, shown), listener);
    if (finished) {
      loop.withAverage(() -> write(folder, scaled(autoencoder, batches), weights));
    }
    return finished;
  }

  /// The sizes with the scale of the latents; a scale that others rely on stays.
  private VaeConfig scaled(Autoencoder autoencoder, Batches batches) {
    return start.keepsLatents()
        ? config
        : config.withScalingFactor(1 / deviation(autoencoder, batches));
  }

  private static void write(Path folder, VaeConfig config, WeightSource weights) {
    try {
      new DiffusersFolderWriter(folder, ElementType.F16).vae(config, weights.tensors());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /// The batch of a step: each picture of it cut at its own place.
  private Tensor pieces(Batches batches, long step) {
    int[] chosen = Seeds.batch(plan.seed(), step, plan.batch(), batches.folder().size());
    Tensor whole = batches.at(chosen);
    if (crop == config.sampleSize()) {
      return whole.channelsLast();
    }
    SplittableRandom random = Seeds.random(plan.seed(), step, CROP);
    Tensor[] pieces = new Tensor[chosen.length];
    for (int i = 0; i < pieces.length; i++) {
      int top = random.nextInt(config.sampleSize() - crop + 1);
      int left = random.nextInt(config.sampleSize() - crop + 1);
      pieces[i] = whole.slice(0, i, i + 1).slice(2, top, top + crop).slice(3, left, left + crop);
    }
    return Tensor.concat(0, pieces).channelsLast();
  }

  /// Originals above what the autoencoder makes of them.
  private static BufferedImage pairs(Autoencoder autoencoder, Batches batches, int count) {
    Tensor x = batches.at(IntStream.range(0, count).toArray());
    Tensor y = autoencoder.reconstruct(autoencoder.moments(x).mean());
    return Squares.sheet(Tensor.concat(0, x, y), count);
  }

  /// The standard deviation of the data's latents.
  private static double deviation(Autoencoder autoencoder, Batches batches) {
    int count = Math.min(MEASURED, batches.folder().size());
    double sum = 0;
    double squares = 0;
    long numbers = 0;
    for (int i = 0; i < count; i += MEASURED_AT_ONCE) {
      try (Scope _ = Scope.open()) {
        int[] indices = IntStream.range(i, Math.min(count, i + MEASURED_AT_ONCE)).toArray();
        Tensor mean = autoencoder.moments(batches.at(indices)).mean().detached();
        sum += mean.sum().item();
        squares += mean.square().sum().item();
        numbers += mean.count();
      }
    }
    double average = sum / numbers;
    return Math.sqrt(squares / numbers - average * average);
  }
}
