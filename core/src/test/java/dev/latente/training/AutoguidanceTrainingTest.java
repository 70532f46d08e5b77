package dev.latente.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.pipeline.TextToImage;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.tokenizer.ClipTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoguidanceTrainingTest {
  private static final SmallModel SIZES =
      new SmallModel(8, List.of(8), 4, List.of(16, 16), 1, 16, 1, 600);

  @TempDir Path folder;

  @Test
  void aModelLearnsToGoOnAwayFromAWeakerOne() throws IOException {
    ImageFolder data = ColouredSquares.write(folder.resolve("pictures"));
    Path weaker = model(data, "weaker", 20, SmallModel.scheduler());
    Path model = model(data, "model", 120, SmallModel.scheduler());
    Losses losses = new Losses();
    assertThat(
            new AutoguidanceTraining(
                    model, weaker, 2, 2, plan(150, 1e-3), 0.1, Focus.NONE, List.of("red"))
                .run(data, folder.resolve("clearer"), losses))
        .isTrue();
    assertThat(losses.values).hasSize(150);
    try (TextToImage drawing =
        TextToImage.open(folder.resolve("clearer/model"), Device.CPU, Precision.F32)) {
      assertThat(drawing.defaults().guidance()).isEqualTo(2);
      assertThat(drawing.defaults().steps()).isEqualTo(DiffusionTraining.STEPS);
    }
    try (Scope _ = Scope.open()) {
      // on samples and captions that no step of the training had
      NoisyBatch batch = batches(data, 0, 64).at(1000);
      Tensor strong = stored(model).estimate(batch);
      Tensor away = strong.minus(stored(weaker).estimate(batch));
      Tensor moved = stored(folder.resolve("clearer/model")).estimate(batch).minus(strong);
      // scale / guidance is 1: the whole difference more
      double missing = moved.minus(away).square().mean().item();
      assertThat(missing).isLessThan(0.35 * away.square().mean().item());
    }
  }

  @Test
  void theTargetLiesBeyondTheTeacherOnlyWhereThereIsACaption() throws IOException {
    ImageFolder data = ColouredSquares.write(folder.resolve("pictures"));
    Path model = model(data, "model", 2, SmallModel.scheduler());
    CaptionedNetworks teacher = stored(model);
    CaptionedNetworks weaker =
        new CaptionedNetworks(
            DiffusionNetworks.fresh(
                teacher.networks().unet().config(), teacher.networks().textEncoder().config(), 8),
            teacher.captions());
    try (Scope _ = Scope.open()) {
      NoisyBatch batch = batches(data, 0, 4).at(5);
      double apart = teacher.estimate(batch).minus(weaker.estimate(batch)).square().mean().item();
      assertThat(apart).isGreaterThan(1e-3);
      assertThat(objective(teacher, weaker, batches(data, 0, 4)).loss(5).item())
          .isCloseTo(0.5 * 0.5 * apart, within(1e-5 * apart)); // f32
      assertThat(objective(teacher, weaker, batches(data, 1, 4)).loss(5).item()).isZero();
    }
  }

  @Test
  void bothModelsMustEstimateTheSame() throws IOException {
    ImageFolder data = ColouredSquares.write(folder.resolve("pictures"));
    Path model = model(data, "model", 1, SmallModel.scheduler());
    Path other = model(data, "other", 1, SmallModel.scheduler().with("prediction_type", "epsilon"));
    AutoguidanceTraining training =
        new AutoguidanceTraining(model, other, 1, 4, plan(1, 1e-3), 0, Focus.NONE, List.of("red"));
    assertThatThrownBy(() -> training.run(data, folder.resolve("out"), new Losses()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must estimate what the model does: V_PREDICTION of 3 channels")
        .hasMessageContaining("found EPSILON of 3 channels");
    assertThat(folder.resolve("out")).doesNotExist();
    assertThatThrownBy(() ->
            new AutoguidanceTraining(
                model, other, 0, 4, plan(1, 1e-3), 0, Focus.NONE, List.of("red")))
        .hasMessage(
            "how far to lead away from the weaker model must be above 0 and at most 100: 0.0");
  }

  private static AutoguidedObjective objective(
      CaptionedNetworks teacher, CaptionedNetworks weaker, NoisyBatch.Maker batches) {
    return new AutoguidedObjective(
        teacher, teacher, weaker, 0.5, batches, new SnrWeighting(0), Emphasis.NONE);
  }

  private static NoisyBatch.Maker batches(ImageFolder data, double dropout, int batch) {
    TrainingPlan plan = new TrainingPlan(1, batch, 1, 1, 0, 1, 0, 4, Precision.F32, 1, 1);
    return NoisyBatch.Maker.of(
        data,
        new PixelSpace(new Batches(data, 8)),
        SmallModel.scheduler(),
        Focus.NONE,
        dropout,
        plan);
  }

  private static CaptionedNetworks stored(Path model) throws IOException {
    Captions captions = new Captions(ClipTokenizer.load(model.resolve("tokenizer")));
    return new CaptionedNetworks(DiffusionNetworks.stored(model), captions);
  }

  private Path model(ImageFolder data, String name, long steps, SchedulerConfig scheduler)
      throws IOException {
    new DiffusionTraining(
            SIZES.pixelUNet(),
            SIZES.text(),
            scheduler,
            Optional.empty(),
            plan(steps, 3e-3),
            0.1,
            Focus.NONE,
            List.of("red"),
            new DiffusionStart.Fresh())
        .run(data, folder.resolve(name), new Losses());
    return folder.resolve(name).resolve("model");
  }

  private static TrainingPlan plan(long steps, double rate) {
    return new TrainingPlan(steps, 4, rate, 2, 0.95, 1, 0.01, 3, Precision.F32, 1000, steps);
  }
}
