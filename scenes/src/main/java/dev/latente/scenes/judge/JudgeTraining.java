package dev.latente.scenes.judge;

import dev.latente.image.Picture;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.Weights;
import dev.latente.scenes.world.Scene;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Tensor;
import dev.latente.training.TrainingListener;
import dev.latente.training.TrainingLoop;
import dev.latente.training.TrainingPlan;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Trains a judge on scenes rendered in memory; nothing else is needed.
///
/// @param scenes how many are drawn, positive; none of a held-out combination
/// @param plan how long and how
public record JudgeTraining(int scenes, TrainingPlan plan) {
  private static final int SHOWN = 16;
  private static final int COLUMNS = 4;

  public JudgeTraining {
    if (scenes < SHOWN) {
      throw new IllegalArgumentException("need at least %d scenes: %d".formatted(SHOWN, scenes));
    }
  }

  /// How the judge that comes with this library was trained, but for `steps` and `seed`.
  public static TrainingPlan plan(long steps, long seed) {
    return new TrainingPlan(
        steps, 32, 2e-3, 100, 0.995, 1, 0.01, seed, Precision.F32, 200, Long.MAX_VALUE);
  }

  /// Trains, keeping its state in `folder`, and writes the judge to `folder/judge` at the end.
  ///
  /// @return whether the end was reached; if not, the same call goes on
  public boolean run(Path folder, TrainingListener listener) throws IOException {
    return run(JudgeConfig.STANDARD, folder, listener);
  }

  boolean run(JudgeConfig config, Path folder, TrainingListener listener) throws IOException {
    Files.createDirectories(folder);
    RenderedScenes data =
        RenderedScenes.draw(
            Scene::random,
            scenes,
            plan.seed(),
            config.pictureSize(),
            done -> listener.onPrepared(done, scenes));
    FreshWeights weights = new FreshWeights(RandomNoise.seeded(plan.seed()));
    JudgeNetwork network = JudgeNetwork.of(Weights.of(weights), config);
    JudgeObjective objective =
        new JudgeObjective(network, data, Distortion.STANDARD, plan.batch(), plan.seed());
    String recipe =
        "judge %s of %d scenes batch %d seed %d"
            .formatted(config, scenes, plan.batch(), plan.seed());
    TrainingLoop loop =
        new TrainingLoop(plan, weights.tensors(), folder.resolve("checkpoint.safetensors"), recipe);
    boolean finished =
        loop.run(objective, () -> sheet(data.pictures().subList(0, SHOWN)), listener);
    if (finished) {
      loop.withAverage(() -> write(folder.resolve("judge"), config, weights.tensors()));
    }
    return finished;
  }

  /// The first pictures, four in a row; a judge draws none of its own.
  private static BufferedImage sheet(List<Picture> pictures) {
    int side = pictures.getFirst().width();
    int rows = pictures.size() / COLUMNS;
    var sheet = new BufferedImage(COLUMNS * side, rows * side, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    for (int i = 0; i < pictures.size(); i++) {
      BufferedImage image = pictures.get(i).toBufferedImage();
      graphics.drawImage(image, i % COLUMNS * side, i / COLUMNS * side, null);
    }
    graphics.dispose();
    return sheet;
  }

  private static void write(Path folder, JudgeConfig config, Map<String, Tensor> weights) {
    try {
      JudgeFolder.write(folder, config, weights);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
