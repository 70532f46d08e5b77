package dev.latente.scenes.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.scenes.SceneFolder;
import dev.latente.scenes.world.Colour;
import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Place;
import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Scene;
import dev.latente.scenes.world.Size;
import dev.latente.scenes.world.Thing;
import dev.latente.scenes.world.TimeOfDay;
import dev.latente.tensor.Precision;
import dev.latente.training.DiffusionStart;
import dev.latente.training.DiffusionTraining;
import dev.latente.training.Focus;
import dev.latente.training.ImageFolder;
import dev.latente.training.SmallModel;
import dev.latente.training.TrainingListener;
import dev.latente.training.TrainingPlan;
import dev.latente.training.TrainingProgress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CaptionTrainingTest {
  private static final int STEPS = 100;

  @TempDir Path folder;

  /// Keeps the losses, and stops after a number of steps.
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

  private static TrainingPlan plan(long steps, double rate) {
    return new TrainingPlan(steps, 8, rate, 2, 0.9, 1, 0, 3, Precision.F32, steps, steps);
  }

  /// A model of scenes that learned next to nothing.
  private Path model() throws IOException {
    Path data = folder.resolve("data");
    SceneFolder.write(data, 40, 1, 16, (_, _) -> {});
    SmallModel sizes = new SmallModel(16, List.of(8, 8), 4, List.of(16, 16), 1, 32, 1, 700);
    new DiffusionTraining(
            sizes.pixelUNet(),
            sizes.text(),
            SmallModel.scheduler(),
            Optional.empty(),
            plan(1, 1e-6),
            0.1,
            Focus.NONE,
            List.of("a house"),
            new DiffusionStart.Fresh())
        .run(ImageFolder.open(data), folder.resolve("run"), new Listener(Long.MAX_VALUE));
    return folder.resolve("run/model");
  }

  @Test
  void topicsSayWhatStandsWhere() {
    Scene scene =
        new Scene(
            TimeOfDay.NIGHT,
            Ground.SEA,
            List.of(
                new Placed(Thing.BOAT, Colour.RED, Size.LARGE, Place.LEFT),
                new Placed(Thing.CASTLE, Colour.BLACK, Size.SMALL, Place.RIGHT)),
            Manner.OIL,
            1);
    assertThat(
            Topic.all().stream()
                .map(topic -> topic.name() + "=" + topic.answer().applyAsInt(scene))
                .collect(Collectors.joining(" ")))
        .isEqualTo(
            "time=3 ground=1 manner=1 left.thing=1 left.colour=1 left.size=2 centre.thing=0"
                + " centre.colour=0 centre.size=0 right.thing=8 right.colour=8 right.size=1");
  }

  @Test
  void captionsAreLearnedAndOnlyTheTextEncoderChanges() throws IOException {
    Path model = model();
    Listener listener = new Listener(Long.MAX_VALUE);
    CaptionTraining.Outcome outcome =
        new CaptionTraining(model, plan(STEPS, 5e-3)).run(folder.resolve("text"), 40, listener);
    assertThat(outcome.finished()).isTrue();
    assertThat(listener.losses.getLast()).isLessThan(0.9 * listener.losses.getFirst());
    assertThat(outcome.told()).hasSize(12).allMatch(told -> told.right() >= 0 && told.right() <= 1);
    Path written = folder.resolve("text/model");
    for (String same :
        List.of("unet/diffusion_pytorch_model.safetensors", "tokenizer/vocab.json")) {
      assertThat(written.resolve(same)).hasSameBinaryContentAs(model.resolve(same));
    }
    String text = "text_encoder/model.safetensors";
    assertThat(Files.mismatch(written.resolve(text), model.resolve(text))).isNotNegative();
  }

  @Test
  void aStoppedTrainingGoesOnToTheSameWeights() throws IOException {
    Path model = model();
    CaptionTraining training = new CaptionTraining(model, plan(6, 1e-3));
    training.run(folder.resolve("whole"), 8, new Listener(Long.MAX_VALUE));
    assertThat(training.run(folder.resolve("parts"), 8, new Listener(3)).finished()).isFalse();
    assertThat(training.run(folder.resolve("parts"), 8, new Listener(Long.MAX_VALUE)).finished())
        .isTrue();
    String text = "model/text_encoder/model.safetensors";
    assertThat(folder.resolve("parts").resolve(text))
        .hasSameBinaryContentAs(folder.resolve("whole").resolve(text));
  }
}
