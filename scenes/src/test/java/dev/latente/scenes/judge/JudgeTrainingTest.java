package dev.latente.scenes.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.tensor.Precision;
import dev.latente.training.TrainingListener;
import dev.latente.training.TrainingPlan;
import dev.latente.training.TrainingProgress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JudgeTrainingTest {
  private static final JudgeConfig SMALL =
      new JudgeConfig(32, List.of(8, 16, 16), List.of(0, 0, 0), 16);
  private static final int STEPS = 24;

  @TempDir Path folder;

  private static JudgeTraining training() {
    TrainingPlan plan =
        new TrainingPlan(STEPS, 16, 5e-3, 2, 0.9, 1, 0, 3, Precision.F32, STEPS, STEPS);
    return new JudgeTraining(48, plan);
  }

  /// Stops after a number of steps and keeps the losses.
  private static final class Listener implements TrainingListener {
    private final long last;
    private final List<Double> losses = new ArrayList<>();

    Listener(long last) {
      this.last = last;
    }

    @Override
    public void onPrepared(int done, int count) {}

    @Override
    public void onStep(TrainingProgress progress) {
      losses.add(progress.loss());
    }

    @Override
    public void onSamples(long step, BufferedImage sheet) {}

    @Override
    public boolean stopRequested() {
      return losses.size() >= last;
    }
  }

  @Test
  void trainingLowersTheLossAndWritesAJudge() throws IOException {
    Listener listener = new Listener(Long.MAX_VALUE);
    assertThat(training().run(SMALL, folder, listener)).isTrue();
    assertThat(listener.losses.getLast()).isLessThan(listener.losses.getFirst());
    try (Judge judge = Judge.load(folder.resolve("judge"))) {
      assertThat(judge.pictureSize()).isEqualTo(32);
    }
  }

  @Test
  void stoppedTrainingGoesOnToTheVerySameWeights() throws IOException {
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    training().run(SMALL, whole, new Listener(Long.MAX_VALUE));
    assertThat(training().run(SMALL, parts, new Listener(STEPS / 2))).isFalse();
    assertThat(training().run(SMALL, parts, new Listener(Long.MAX_VALUE))).isTrue();
    assertThat(Files.mismatch(model(whole), model(parts))).isEqualTo(-1);
  }

  private static Path model(Path training) {
    return training.resolve("judge").resolve(JudgeFolder.MODEL);
  }

  @Test
  void tooFewScenesAreRefused() {
    TrainingPlan plan = training().plan();
    assertThatThrownBy(() -> new JudgeTraining(3, plan))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("need at least 16 scenes: 3");
  }
}
