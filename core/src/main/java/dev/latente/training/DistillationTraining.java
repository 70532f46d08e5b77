package dev.latente.training;

import dev.latente.model.Checkpoint;
import dev.latente.model.DiffusersFolder;
import dev.latente.sampling.Guidance;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Precision;
import dev.latente.tokenizer.ClipTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Teaches a copy of a model to draw in four steps without guidance.
///
/// @param teacher folder of the model, whose autoencoder lies in its `vae`
/// @param plan how long and how; a tenth of the rate of the first training is about right
/// @param guidance the teacher's, which the copy takes in
/// @param prompts of the sample sheets
public record DistillationTraining(
    Path teacher, TrainingPlan plan, double guidance, List<String> prompts) {
  static final int STEPS = 4;
  private static final int POINTS = 50;
  private static final double NO_GUIDANCE = 1;

  public DistillationTraining {
    prompts = List.copyOf(prompts);
    Guidance.of(guidance);
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("need a prompt for the sample sheets");
    }
  }

  /// Trains on `data`, keeping its state in `folder`, and writes the model to `folder/model`.
  ///
  /// @return whether the end was reached; if not, the model is that of the last step, and the same
  ///   call goes on
  public boolean run(ImageFolder data, Path folder, TrainingListener listener) throws IOException {
    Files.createDirectories(folder);
    DiffusionNetworks old = DiffusionNetworks.stored(teacher);
    DiffusionNetworks copy = DiffusionNetworks.stored(teacher);
    SchedulerConfig trained = scheduler();
    Optional<Path> vae = Optional.of(teacher.resolve("vae")).filter(Files::isDirectory);
    SampleSpace space =
        vae.isPresent()
            ? TrainedFolder.latents(vae.get(), old.unet().config(), data, folder, listener)
            : new PixelSpace(new Batches(data, old.unet().config().sampleSize()));
    ClipTokenizer tokenizer = TrainedFolder.tokenizer(teacher, folder.resolve("tokenizer"));
    Captions captions = new Captions(tokenizer);
    Objective objective =
        new ConsistencyObjective(
            copy.unet(),
            old.unet(),
            copy.textEncoder(),
            captions,
            data,
            space,
            new Estimates(trained.noiseSchedule(), trained.prediction()),
            Guidance.of(guidance),
            POINTS,
            plan.batch(),
            plan.seed());
    SchedulerConfig few = fewSteps(trained);
    Sampling sampling =
        new Sampling(
            copy.unet(),
            copy.textEncoder(),
            captions,
            few,
            space,
            STEPS,
            NO_GUIDANCE,
            Steering.NONE);
    TrainingLoop loop =
        new TrainingLoop(
            plan,
            copy.unetWeights().tensors(),
            folder.resolve("checkpoint.safetensors"),
            recipe(space));
    boolean finished = loop.run(objective, () -> sampling.draw(prompts, plan.seed()), listener);
    TrainedFolder result = new TrainedFolder(folder, few, vae, STEPS, NO_GUIDANCE);
    loop.withAverage(() -> result.write(copy));
    return finished;
  }

  private String recipe(SampleSpace space) {
    return "distillation of %s guidance %s among %s batch %d seed %d"
        .formatted(
            teacher.toAbsolutePath().normalize(),
            guidance,
            space.description(),
            plan.batch(),
            plan.seed());
  }

  private SchedulerConfig scheduler() throws IOException {
    try (Checkpoint checkpoint = DiffusersFolder.open(teacher, Precision.F32)) {
      return checkpoint.scheduler();
    }
  }

  /// The same noise, sampled as consistency models are.
  private static SchedulerConfig fewSteps(SchedulerConfig trained) {
    return trained.withSampler(SamplerKind.LCM);
  }
}
