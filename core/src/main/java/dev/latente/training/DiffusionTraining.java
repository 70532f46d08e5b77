package dev.latente.training;

import dev.latente.model.Checkpoint;
import dev.latente.model.DiffusersFolder;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Precision;
import dev.latente.text.ClipTextConfig;
import dev.latente.tokenizer.BpeTrainer;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.unet.UNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Trains a U-Net and its text encoder to draw what captions say.
///
/// @param unet sizes of the network; `sampleSize` is the side of latents, or of pictures without a
///   `vae`
/// @param text sizes of the text encoder; the vocabulary's size is a bound, learned from the
///   captions
/// @param scheduler the noise of training, and how to sample afterwards
/// @param vae folder of the autoencoder, or nothing for diffusion among pixels
/// @param plan how long and how
/// @param dropout share of captions left out, 0 to 1
/// @param focus which errors count more
/// @param prompts of the sample sheets
/// @param start which weights and tokenizer it begins with
public record DiffusionTraining(
    UNetConfig unet,
    ClipTextConfig text,
    SchedulerConfig scheduler,
    Optional<Path> vae,
    TrainingPlan plan,
    double dropout,
    Focus focus,
    List<String> prompts,
    DiffusionStart start) {
  static final int STEPS = 20;
  static final double GUIDANCE = 4;

  public DiffusionTraining {
    prompts = List.copyOf(prompts);
    if (!(dropout >= 0 && dropout <= 1)) {
      throw new IllegalArgumentException("caption drop-out must be 0 to 1: " + dropout);
    }
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("need a prompt for the sample sheets");
    }
  }

  /// A training that goes on from the model of `start`, with its sizes and its noise.
  ///
  /// @throws IllegalArgumentException if it starts with no model
  /// @throws dev.latente.nn.ModelFormatException if it is not a model of one text encoder
  public static DiffusionTraining from(
      DiffusionStart start,
      Optional<Path> vae,
      TrainingPlan plan,
      double dropout,
      Focus focus,
      List<String> prompts)
      throws IOException {
    Path model =
        start.model().orElseThrow(() -> new IllegalArgumentException("need a model to go on from"));
    try (Checkpoint checkpoint = DiffusersFolder.open(model, Precision.F32)) {
      return new DiffusionTraining(
          checkpoint.unet().config(),
          DiffusionNetworks.textEncoder(checkpoint).config(),
          checkpoint.scheduler(),
          vae,
          plan,
          dropout,
          focus,
          prompts,
          start);
    }
  }

  /// Trains on `data`, keeping its state in `folder`, and writes the model to `folder/model`.
  ///
  /// @return whether the end was reached; if not, the model is that of the last step, and the same
  ///   call goes on
  public boolean run(ImageFolder data, Path folder, TrainingListener listener) throws IOException {
    Files.createDirectories(folder);
    ClipTokenizer tokenizer = tokenizer(data, folder.resolve("tokenizer"));
    ClipTextConfig textConfig = text.withVocabulary(tokenizer.size(), tokenizer.endToken());
    DiffusionNetworks networks = start.networks(unet, textConfig, plan.seed());
    SampleSpace space = TrainedFolder.space(vae, unet, data, folder, listener);
    Captions captions = new Captions(tokenizer);

    String recipe =
        "diffusion %s%s %s %s of %s batch %d seed %d"
            .formatted(
                start.description(),
                unet,
                textConfig,
                scheduler.prediction(),
                space.description(),
                plan.batch(),
                plan.seed());
    TrainingLoop loop =
        new TrainingLoop(
            plan, start.trained(networks), folder.resolve("checkpoint.safetensors"), recipe);
    Objective objective =
        new DiffusionObjective(
            networks.unet(),
            networks.textEncoder(),
            captions,
            NoisyBatch.Maker.of(data, space, scheduler, focus, dropout, plan),
            new SnrWeighting(focus.gamma()),
            Emphasis.of(data, unet.sampleSize(), focus.things()));
    Sampling sampling =
        Sampling.of(networks, captions, scheduler, space::pictures, STEPS, GUIDANCE);
    boolean finished = loop.run(objective, () -> sampling.draw(prompts, plan.seed()), listener);
    TrainedFolder trained = new TrainedFolder(folder, scheduler, vae, STEPS, GUIDANCE);
    loop.withAverage(() -> trained.write(networks));
    return finished;
  }

  private ClipTokenizer tokenizer(ImageFolder data, Path folder) throws IOException {
    if (start.model().isPresent()) {
      return TrainedFolder.tokenizer(start.model().get(), folder);
    }
    if (!Files.exists(folder.resolve("vocab.json"))) {
      Iterable<String> texts =
          data.entries().stream().flatMap(entry -> entry.captions().stream()).toList();
      BpeTrainer.train(texts, text.vocabSize(), text.maxPositionEmbeddings(), folder);
    }
    return ClipTokenizer.load(folder);
  }
}
