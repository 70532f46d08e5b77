package dev.latente.training;

import dev.latente.model.Checkpoint;
import dev.latente.model.DiffusersFolder;
import dev.latente.sampling.Guidance;
import dev.latente.sampling.NoiseSchedule;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Precision;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.unet.UNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Teaches a model to draw as it would if it were led away from a weaker model while it draws.
///
/// That is autoguidance, [Karras et al. (2024)](https://arxiv.org/abs/2406.02507): where a model
/// that was trained for less time is wrong, the better one is wrong in the same direction, but
/// less, and going on in the direction from one to the other takes such errors back. Drawing so
/// asks two networks; here one learns what both say, as [Meng et al.
/// (2023)](https://arxiv.org/abs/2210.03142) do with guidance by prompts, which the result still
/// takes.
///
/// @param model folder of the model, whose U-Net learns; its autoencoder lies in its `vae`, and
///   without one it draws pixels
/// @param weaker folder of one that was trained less, on the same latents; it may have other sizes
///   and another tokenizer
/// @param scale how far it is led away, as it shows in pictures drawn with `guidance`; 1 doubles
///   the difference of both models
/// @param guidance with which the model will draw
/// @param plan how long and how
/// @param dropout share of captions left out, 0 to 1; without one the model stays as it is
/// @param focus which errors count more
/// @param prompts of the sample sheets
public record AutoguidanceTraining(
    Path model,
    Path weaker,
    double scale,
    double guidance,
    TrainingPlan plan,
    double dropout,
    Focus focus,
    List<String> prompts) {

  public AutoguidanceTraining {
    prompts = List.copyOf(prompts);
    Guidance.of(guidance);
    if (!(scale > 0 && scale <= 100)) {
      throw new IllegalArgumentException(
          "how far to lead away from the weaker model must be above 0 and at most 100: " + scale);
    }
    if (!(dropout >= 0 && dropout <= 1)) {
      throw new IllegalArgumentException("caption drop-out must be 0 to 1: " + dropout);
    }
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("need a prompt for the sample sheets");
    }
  }

  /// Trains on `data`, keeping its state in `folder`, and writes the model to `folder/model`.
  ///
  /// @return whether the end was reached; if not, the model is that of the last step, and the same
  ///   call goes on
  /// @throws IllegalArgumentException if the weaker model does not estimate what the model does
  public boolean run(ImageFolder data, Path folder, TrainingListener listener) throws IOException {
    requireAlike();
    Files.createDirectories(folder);
    DiffusionNetworks student = DiffusionNetworks.stored(model);
    Captions captions = new Captions(TrainedFolder.tokenizer(model, folder.resolve("tokenizer")));
    Captions weakerCaptions = new Captions(ClipTokenizer.load(weaker.resolve("tokenizer")));
    SchedulerConfig scheduler = TrainedFolder.scheduler(model);
    UNetConfig unet = student.unet().config();
    Optional<Path> vae = Optional.of(model.resolve("vae")).filter(Files::isDirectory);
    SampleSpace space = TrainedFolder.space(vae, unet, data, folder, listener);
    Objective objective =
        new AutoguidedObjective(
            new CaptionedNetworks(student, captions),
            new CaptionedNetworks(DiffusionNetworks.stored(model), captions),
            new CaptionedNetworks(DiffusionNetworks.stored(weaker), weakerCaptions),
            scale / Math.max(1, guidance), // below 1 it multiplies nothing
            NoisyBatch.Maker.of(data, space, scheduler, focus, dropout, plan),
            new SnrWeighting(focus.gamma()),
            Emphasis.of(data, unet.sampleSize(), focus.things()));
    TrainingLoop loop =
        new TrainingLoop(
            plan,
            student.unetWeights().tensors(),
            folder.resolve("checkpoint.safetensors"),
            "%s led away from %s by %s at guidance %s, of %s batch %d seed %d"
                .formatted(
                    model.toAbsolutePath().normalize(),
                    weaker.toAbsolutePath().normalize(),
                    scale,
                    guidance,
                    space.description(),
                    plan.batch(),
                    plan.seed()));
    Sampling sampling =
        Sampling.of(
            student, captions, scheduler, space::pictures, DiffusionTraining.STEPS, guidance);
    boolean finished = loop.run(objective, () -> sampling.draw(prompts, plan.seed()), listener);
    TrainedFolder trained =
        new TrainedFolder(folder, scheduler, vae, DiffusionTraining.STEPS, guidance);
    loop.withAverage(() -> trained.write(student));
    return finished;
  }

  private void requireAlike() throws IOException {
    String needed = estimates(model);
    String found = estimates(weaker);
    if (!needed.equals(found)) {
      throw new IllegalArgumentException(
          "the weaker model must estimate what the model does: %s; found %s in %s"
              .formatted(needed, found, weaker));
    }
  }

  private static String estimates(Path folder) throws IOException {
    try (Checkpoint checkpoint = DiffusersFolder.open(folder, Precision.F32)) {
      NoiseSchedule noise = checkpoint.scheduler().noiseSchedule();
      int last = noise.steps() - 1;
      return "%s of %d channels, at timestep %d with a signal of %.3g"
          .formatted(
              checkpoint.scheduler().prediction(),
              checkpoint.unet().config().inChannels(),
              last,
              noise.alphaCumprod(last));
    }
  }
}
