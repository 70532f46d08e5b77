package dev.latente.training;

import dev.latente.model.Checkpoint;
import dev.latente.model.DiffusersFolder;
import dev.latente.model.DiffusersFolderWriter;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextConfig;
import dev.latente.tokenizer.BpeTrainer;
import dev.latente.tokenizer.ClipTokenizer;
import dev.latente.unet.UNetConfig;
import dev.latente.vae.Autoencoder;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
/// @param gamma where signal-to-noise ratios are cut in the loss; 0 weighs all timesteps alike
/// @param prompts of the sample sheets
/// @param start a model folder whose weights and tokenizer it begins with, or nothing for random
///   ones
public record DiffusionTraining(
    UNetConfig unet,
    ClipTextConfig text,
    SchedulerConfig scheduler,
    Optional<Path> vae,
    TrainingPlan plan,
    double dropout,
    double gamma,
    List<String> prompts,
    Optional<Path> start) {

  public DiffusionTraining {
    prompts = List.copyOf(prompts);
    if (!(dropout >= 0 && dropout <= 1)) {
      throw new IllegalArgumentException("caption drop-out must be 0 to 1: " + dropout);
    }
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("need a prompt for the sample sheets");
    }
  }

  /// A training that goes on from the model in `start`, with its sizes and its noise.
  ///
  /// @throws dev.latente.nn.ModelFormatException if it is not a model of one text encoder
  public static DiffusionTraining from(
      Path start,
      Optional<Path> vae,
      TrainingPlan plan,
      double dropout,
      double gamma,
      List<String> prompts)
      throws IOException {
    try (Checkpoint checkpoint = DiffusersFolder.open(start, Precision.F32)) {
      return new DiffusionTraining(
          checkpoint.unet().config(),
          DiffusionNetworks.textEncoder(checkpoint).config(),
          checkpoint.scheduler(),
          vae,
          plan,
          dropout,
          gamma,
          prompts,
          Optional.of(start));
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
    DiffusionNetworks networks =
        start.isPresent()
            ? DiffusionNetworks.stored(start.get())
            : DiffusionNetworks.fresh(unet, textConfig, plan.seed());
    SampleSpace space = space(data, folder, listener);
    Captions captions = new Captions(tokenizer);

    String recipe =
        "diffusion %s %s %s of %s batch %d seed %d"
            .formatted(
                unet,
                textConfig,
                scheduler.prediction(),
                space.description(),
                plan.batch(),
                plan.seed());
    TrainingLoop loop =
        new TrainingLoop(
            plan,
            networks.weights(),
            folder.resolve("checkpoint.safetensors"),
            recipe);
    Objective objective =
        new DiffusionObjective(
            networks.unet(),
            networks.textEncoder(),
            captions,
            data,
            space,
            scheduler.noiseSchedule(),
            scheduler.prediction(),
            new SnrWeighting(gamma),
            dropout,
            plan.batch(),
            plan.seed());
    Sampling sampling = new Sampling(networks.unet(), networks.textEncoder(), captions, scheduler, space);
    boolean finished = loop.run(objective, () -> sampling.draw(prompts, plan.seed()), listener);
    loop.withAverage(() -> write(folder, networks));
    return finished;
  }

  private ClipTokenizer tokenizer(ImageFolder data, Path folder) throws IOException {
    if (start.isPresent()) {
      copyTokenizer(start.get(), folder);
    } else if (!Files.exists(folder.resolve("vocab.json"))) {
      Iterable<String> texts =
          data.entries().stream().flatMap(entry -> entry.captions().stream()).toList();
      BpeTrainer.train(texts, text.vocabSize(), text.maxPositionEmbeddings(), folder);
    }
    return ClipTokenizer.load(folder);
  }

  private static void copyTokenizer(Path model, Path folder) throws IOException {
    try (Stream<Path> files = Files.list(model.resolve("tokenizer"))) {
      Files.createDirectories(folder);
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private SampleSpace space(ImageFolder data, Path folder, TrainingListener listener)
      throws IOException {
    if (vae.isEmpty()) {
      return new PixelSpace(new Batches(data, unet.sampleSize()));
    }
    Checkpoint.Part<VaeConfig> part = DiffusersFolder.openVae(vae.get(), Precision.F32);
    VaeConfig config = part.config();
    if (config.latentChannels() != unet.inChannels()) {
      throw new IllegalArgumentException(
          "the U-Net's in_channels must be the autoencoder's latent_channels: %d, not %d"
              .formatted(config.latentChannels(), unet.inChannels()));
    }
    StoredWeights weights = new StoredWeights(part.weights(), Device.CPU, Precision.F32);
    Autoencoder autoencoder = Autoencoder.of(Weights.of(weights), config);
    weights.finish(_ -> false);
    Batches batches = new Batches(data, unet.sampleSize() * config.downscale());
    String source =
        "%d pictures of %d, vae scaled by %s"
            .formatted(data.size(), batches.size(), config.scalingFactor());
    return LatentSpace.open(
        autoencoder,
        batches,
        folder.resolve("latents.safetensors"),
        source,
        done -> listener.onPrepared(done, data.size()));
  }

  private void write(Path folder, DiffusionNetworks networks) {
    try (Stream<Path> tokenizerFiles = Files.list(folder.resolve("tokenizer"))) {
      DiffusersFolderWriter writer =
          new DiffusersFolderWriter(folder.resolve("model"), ElementType.F16)
              .unet(unet, networks.unetWeights().tensors())
              .textEncoder(networks.textEncoder().config(), networks.textWeights().tensors())
              .tokenizer(tokenizerFiles.sorted().toList())
              .scheduler(scheduler)
              .advise(Sampling.STEPS, Sampling.GUIDANCE);
      if (vae.isPresent()) {
        Checkpoint.Part<VaeConfig> part = DiffusersFolder.openVae(vae.get(), Precision.F32);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : part.weights().names()) {
          tensors.put(name, part.weights().read(name, Precision.F32));
        }
        writer.vae(part.config(), tensors);
      }
      writer.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
