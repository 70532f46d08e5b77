package dev.latente.training;

import dev.latente.sampling.Guidance;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.sampling.Sigmas;
import dev.latente.tensor.Tensor;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.unet.UNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Teaches a copy of a model to draw in four steps without guidance, from paths along which the
/// model itself draws.
///
/// @param teacher folder of the model, whose autoencoder lies in its `vae`
/// @param plan how long and how; a batch is of whole paths, four samples of the network each
/// @param guidance the teacher's, which the copy takes in
/// @param paths how many of the teacher's paths to draw first; may grow when going on
/// @param prompts of the sample sheets
public record DistillationTraining(
    Path teacher, TrainingPlan plan, double guidance, int paths, List<String> prompts) {
  static final int STEPS = 4;

  /// A multiple of STEPS, so that the teacher visits the student's levels.
  private static final int TEACHER_STEPS = 12;

  private static final double NO_GUIDANCE = 1;

  public DistillationTraining {
    prompts = List.copyOf(prompts);
    Guidance.of(guidance);
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("need a prompt for the sample sheets");
    }
    if (paths <= 0) {
      throw new IllegalArgumentException("the number of paths must be positive: " + paths);
    }
  }

  /// Trains on captions of `data`, keeping its state in `folder`, and writes the model to
  /// `folder/model`.
  ///
  /// @return whether the end was reached; if not, the model is that of the last step, and the same
  ///   call goes on
  public boolean run(ImageFolder data, Path folder, TrainingListener listener) throws IOException {
    Files.createDirectories(folder);
    DiffusionNetworks old = DiffusionNetworks.stored(teacher);
    DiffusionNetworks copy = DiffusionNetworks.stored(teacher);
    SchedulerConfig many = trailing(TrainedFolder.scheduler(teacher), SamplerKind.DPMPP_2M);
    SchedulerConfig few = trailing(TrainedFolder.scheduler(teacher), SamplerKind.DDIM);
    Optional<Path> vae = Optional.of(teacher.resolve("vae")).filter(Files::isDirectory);
    UnaryOperator<Tensor> pictures = pictures(vae, old.unet().config());
    ClipTokenizer tokenizer = TrainedFolder.tokenizer(teacher, folder.resolve("tokenizer"));
    Captions captions = new Captions(tokenizer);
    PathTeacher drawing =
        new PathTeacher(
            Sampling.of(old, captions, many, pictures, TEACHER_STEPS, guidance),
            data,
            timesteps(few),
            plan.precision(),
            teacher.toAbsolutePath().normalize().toString(),
            plan.seed());
    TeacherPaths drawn =
        TeacherPaths.open(
            drawing, folder.resolve("paths"), paths, done -> listener.onPrepared(done, paths));
    Objective objective =
        new PathObjective(
            copy.unet(),
            copy.textEncoder(),
            captions,
            drawn,
            new Estimates(few.noiseSchedule(), few.prediction()),
            timesteps(few),
            plan.batch(),
            plan.seed());
    TrainingLoop loop =
        new TrainingLoop(
            plan,
            copy.unetWeights().tensors(),
            folder.resolve("checkpoint.safetensors"),
            "batch %d of paths of %s".formatted(plan.batch(), drawing.description()));
    Sampling sampling = Sampling.of(copy, captions, few, pictures, STEPS, NO_GUIDANCE);
    boolean finished = loop.run(objective, () -> sampling.draw(prompts, plan.seed()), listener);
    TrainedFolder result = new TrainedFolder(folder, few, vae, STEPS, NO_GUIDANCE);
    loop.withAverage(() -> result.write(copy));
    return finished;
  }

  private static UnaryOperator<Tensor> pictures(Optional<Path> vae, UNetConfig unet)
      throws IOException {
    return vae.isPresent()
        ? TrainedFolder.autoencoder(vae.get(), unet)::decode
        : UnaryOperator.identity();
  }

  /// The same noise, sampled by `sampler` from the noisiest level on, whose last step ends clean.
  private static SchedulerConfig trailing(SchedulerConfig trained, SamplerKind sampler) {
    return trained
        .withSampler(sampler)
        .with("timestep_spacing", "trailing")
        .with("clip_sample", false)
        .with("set_alpha_to_one", true);
  }

  /// Where the student's steps begin.
  private static List<Integer> timesteps(SchedulerConfig few) {
    Sigmas sigmas = few.sigmas(STEPS);
    return IntStream.range(0, STEPS).mapToObj(i -> (int) sigmas.at(i).timestep()).toList();
  }
}
