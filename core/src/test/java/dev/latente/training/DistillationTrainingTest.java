package dev.latente.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.image.Picture;
import dev.latente.pipeline.TextToImage;
import dev.latente.sampling.Denoiser;
import dev.latente.sampling.NoiseSchedule;
import dev.latente.sampling.Prediction;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.sampling.Sigmas;
import dev.latente.sampling.StepListener;
import dev.latente.sampling.StepNoise;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.tokenizer.BpeTrainer;
import dev.latente.tokenizer.ClipTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DistillationTrainingTest {
  private static final SmallModel SIZES =
      new SmallModel(8, List.of(8), 4, List.of(16, 16), 1, 16, 1, 600);

  private static final SchedulerConfig DDIM =
      SmallModel.scheduler().withSampler(SamplerKind.DDIM).with("clip_sample", false);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Prediction.class)
  void estimatesUndoWhatTrainingMixed(Prediction prediction) {
    NoiseSchedule schedule = SmallModel.scheduler().noiseSchedule();
    int[] t = {0, 300, 700};
    try (Scope _ = Scope.open()) {
      RandomNoise random = RandomNoise.seeded(1);
      Tensor clean = random.normal(3, 2, 4, 4);
      Tensor eps = random.normal(3, 2, 4, 4);
      Tensor x = schedule.addNoise(clean, eps, t);
      Tensor truth =
          switch (prediction) {
            case EPSILON -> eps;
            case SAMPLE -> clean;
            case V_PREDICTION -> schedule.velocity(clean, eps, t);
          };
      Estimates estimates = new Estimates(schedule, prediction);
      assertThat(estimates.clean(x, truth, t).minus(clean).abs().mean().item())
          .isCloseTo(0, within(1e-4)); // sqrt(ᾱ) is 0.08 at t = 700: 12 ulp of f32 grow so much
      assertThat(estimates.noise(x, clean, t).minus(eps).abs().mean().item())
          .isCloseTo(0, within(1e-4)); // as much the other way at t = 0
    }
  }

  @Test
  void aDistilledModelDrawsInFourStepsWithoutGuidance() throws IOException {
    ImageFolder data = ColouredSquares.write(folder.resolve("pictures"));
    DiffusionTraining first =
        new DiffusionTraining(
            SIZES.pixelUNet(),
            SIZES.text(),
            SmallModel.scheduler(),
            Optional.empty(),
            plan(150, 3e-3),
            0.1,
            Focus.NONE,
            List.of("red"),
            new DiffusionStart.Fresh());
    first.run(data, folder.resolve("first"), new Losses());
    Path teacher = folder.resolve("first/model");
    Losses losses = new Losses();
    DistillationTraining training =
        new DistillationTraining(teacher, plan(60, 1e-3), 2, 32, List.of("red"));
    assertThat(training.run(data, folder.resolve("second"), losses)).isTrue();
    assertThat(losses.values).hasSize(60);
    assertThat(losses.values.getLast()).isLessThan(0.75 * losses.values.getFirst());
    try (TextToImage model =
        TextToImage.open(folder.resolve("second/model"), Device.CPU, Precision.F32)) {
      assertThat(model.defaults().steps()).isEqualTo(DistillationTraining.STEPS);
      assertThat(model.defaults().guidance()).isEqualTo(1);
      double[] red = mean(model, "a red picture");
      double[] blue = mean(model, "a blue picture");
      assertThat(red[0] - red[2]).isGreaterThan(60); // of 255
      assertThat(blue[2] - blue[0]).isGreaterThan(60);
    }
  }

  @Test
  void aStudentThatIsOnTheTeachersPathHasNoLoss() throws IOException {
    DiffusionNetworks networks = DiffusionNetworks.fresh(SIZES.pixelUNet(), SIZES.text(), 1);
    Captions captions = captions();
    Sampling sampling = sampling(networks, captions, 4, 1);
    PathTeacher itself = teacher(sampling, List.of(999, 749, 499, 249));
    TeacherPaths paths = TeacherPaths.open(itself, folder.resolve("paths"), 8, _ -> {});
    try (Scope _ = Scope.open()) {
      Tensor away = Tensor.of(new float[] {0, 0, 0, 0, 1}, 5, 1, 1, 1);
      // the last step's length is the sine of its whole angle: sqrt(1 - ᾱ)
      double length = Math.sqrt(1 - DDIM.noiseSchedule().alphaCumprod(249));
      TeacherPaths aside =
          new TeacherPaths(paths.captions(), paths.points().plus(away.times(0.3 * length)));
      assertThat(loss(networks, captions, paths)).isCloseTo(0, within(1e-4)); // f16 in the file
      // sqrt(0.3² + 0.1²) - 0.1 in one of four steps
      assertThat(loss(networks, captions, aside)).isCloseTo(0.05406, within(1e-4));
    }
  }

  @Test
  void pathsAreThoseOfTheTeachersSampler() throws IOException {
    DiffusionNetworks networks = DiffusionNetworks.fresh(SIZES.pixelUNet(), SIZES.text(), 1);
    Sampling sampling = sampling(networks, captions(), 8, 2);
    PathTeacher teacher = teacher(sampling, List.of(999, 749, 499, 249));
    try (Scope _ = Scope.open()) {
      Tensor[] points = teacher.draw(3).chunk(5, 1);
      Denoiser denoiser = DDIM.prediction().denoiser(sampling.predictor(teacher.captions(3)));
      Sigmas rest = DDIM.sigmas(8).from(2);
      Tensor x = points[1].reshape(PathTeacher.AT_ONCE, 3, 8, 8).dividedBy(rest.at(0).alpha());
      Tensor end =
          DDIM.newSampler().sample(denoiser, x, rest, StepNoise.none(), StepListener.none());
      Tensor drawn = points[4].reshape(PathTeacher.AT_ONCE, 3, 8, 8);
      assertThat(end.minus(drawn).abs().mean().item()).isCloseTo(0, within(1e-4)); // f32
      assertThat(points[0].square().mean().item()).isCloseTo(1, within(0.05)); // 6144 numbers
    }
    assertThatThrownBy(
            () -> {
              try (Scope _ = Scope.open()) {
                teacher(sampling, List.of(999, 700)).draw(0);
              }
            })
        .hasMessageContaining("must begin at the timesteps [999, 700]");
  }

  @Test
  void pathsThatWereDrawnAreKeptAndMoreAreAdded() throws IOException {
    DiffusionNetworks networks = DiffusionNetworks.fresh(SIZES.pixelUNet(), SIZES.text(), 1);
    PathTeacher teacher = teacher(sampling(networks, captions(), 4, 2), List.of(999, 499));
    Path kept = folder.resolve("paths");
    TeacherPaths few = TeacherPaths.open(teacher, kept, 20, _ -> {});
    FileTime written = Files.getLastModifiedTime(kept.resolve("000000.safetensors"));
    TeacherPaths more = TeacherPaths.open(teacher, kept, 40, _ -> {});
    assertThat(Files.getLastModifiedTime(kept.resolve("000000.safetensors"))).isEqualTo(written);
    assertThat(few.count()).isEqualTo(20);
    assertThat(more.captions().subList(0, 20)).isEqualTo(few.captions());
    try (Scope _ = Scope.open()) {
      assertThat(more.at(2, 7, 19).toFloatArray()).isEqualTo(few.at(2, 7, 19).toFloatArray());
      assertThat(more.at(2, 39).shape()).containsExactly(1, 3, 8, 8);
    }
    assertThatThrownBy(() ->
            TeacherPaths.open(
                teacher(sampling(networks, captions(), 4, 3), List.of(999, 499)),
                kept,
                20,
                _ -> {}))
        .hasMessageContaining("guidance 2.0")
        .hasMessageContaining("needed")
        .hasMessageContaining("remove it to draw anew");
  }

  private static double loss(DiffusionNetworks networks, Captions captions, TeacherPaths paths) {
    Estimates estimates = new Estimates(DDIM.noiseSchedule(), DDIM.prediction());
    List<Integer> timesteps = List.of(999, 749, 499, 249);
    return new PathObjective(
            networks.unet(), networks.textEncoder(), captions, paths, estimates, timesteps, 8, 1)
        .loss(0)
        .item();
  }

  private static Sampling sampling(
      DiffusionNetworks networks, Captions captions, int steps, double guidance) {
    return Sampling.of(networks, captions, DDIM, UnaryOperator.identity(), steps, guidance);
  }

  private PathTeacher teacher(Sampling sampling, List<Integer> timesteps) throws IOException {
    ImageFolder data = ColouredSquares.write(folder.resolve("pictures"));
    return new PathTeacher(sampling, data, timesteps, Precision.F32, "squares", 5);
  }

  private Captions captions() throws IOException {
    Path tokenizer = Files.createDirectories(folder.resolve("tokenizer"));
    BpeTrainer.train(List.of("a red picture", "a blue picture"), 600, 16, tokenizer);
    return new Captions(ClipTokenizer.load(tokenizer));
  }

  @Test
  void needsAPromptAndAModel() {
    assertThatThrownBy(() -> new DistillationTraining(folder, plan(1, 1e-3), 2, 1, List.of()))
        .hasMessage("need a prompt for the sample sheets");
    assertThatThrownBy(() ->
            new DistillationTraining(folder, plan(1, 1e-3), 2, 1, List.of("red"))
                .run(
                    ColouredSquares.write(folder.resolve("p")),
                    folder.resolve("out"),
                    new Losses()))
        .hasMessageContaining("model_index.json");
  }

  /// The mean of each channel over two pictures.
  private static double[] mean(TextToImage model, String prompt) {
    double[] sums = new double[3];
    for (int seed = 1; seed <= 2; seed++) {
      Picture picture =
          model.generate(model.request(prompt).seed(seed).build()).getFirst().picture();
      byte[] rgb = picture.rgb();
      for (int i = 0; i < rgb.length; i++) {
        sums[i % 3] += (rgb[i] & 0xff) * 3.0 / rgb.length / 2;
      }
    }
    return sums;
  }

  private static TrainingPlan plan(long steps, double rate) {
    return new TrainingPlan(steps, 4, rate, 2, 0.95, 1, 0.01, 3, Precision.F32, 1000, steps);
  }
}
