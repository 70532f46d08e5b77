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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The folder of a training of a diffusion model: its tokenizer, latents, and at the end the model.
///
/// @param folder where all is
/// @param scheduler how the model is sampled
/// @param vae folder of the autoencoder, or nothing for diffusion among pixels
/// @param steps of the sampler, as advised
/// @param guidance as advised
record TrainedFolder(
    Path folder, SchedulerConfig scheduler, Optional<Path> vae, int steps, double guidance) {

  /// Writes the model to `folder/model`; the tokenizer is taken from `folder/tokenizer`.
  void write(DiffusionNetworks networks) {
    try (Stream<Path> tokenizerFiles = Files.list(folder.resolve("tokenizer"))) {
      DiffusersFolderWriter writer =
          new DiffusersFolderWriter(folder.resolve("model"), ElementType.F16)
              .unet(networks.unet().config(), networks.unetWeights().tensors())
              .textEncoder(networks.textEncoder().config(), networks.textWeights().tensors())
              .tokenizer(tokenizerFiles.sorted().toList())
              .scheduler(scheduler)
              .advise(steps, guidance);
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

  /// How the model in folder `model` is sampled.
  static SchedulerConfig scheduler(Path model) throws IOException {
    try (Checkpoint checkpoint = DiffusersFolder.open(model, Precision.F32)) {
      return checkpoint.scheduler();
    }
  }

  /// Copies the tokenizer of `model` to `folder`, and reads it.
  static ClipTokenizer tokenizer(Path model, Path folder) throws IOException {
    try (Stream<Path> files = Files.list(model.resolve("tokenizer"))) {
      Files.createDirectories(folder);
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return ClipTokenizer.load(folder);
  }

  /// What `unet` works on: latents of the autoencoder in `vae`, kept in `folder`, or pixels without
  /// one.
  static SampleSpace space(
      Optional<Path> vae, UNetConfig unet, ImageFolder data, Path folder, TrainingListener listener)
      throws IOException {
    return vae.isPresent()
        ? latents(vae.get(), unet, data, folder, listener)
        : new PixelSpace(new Batches(data, unet.sampleSize()));
  }

  /// The latents that the autoencoder in `vae` makes of `data`, kept in `folder`.
  static SampleSpace latents(
      Path vae, UNetConfig unet, ImageFolder data, Path folder, TrainingListener listener)
      throws IOException {
    Autoencoder autoencoder = autoencoder(vae, unet);
    int downscale = autoencoder.config().downscale();
    Batches batches = new Batches(data, unet.sampleSize() * downscale);
    String source =
        "%d pictures of %d, vae scaled by %s"
            .formatted(data.size(), batches.size(), autoencoder.config().scalingFactor());
    return LatentSpace.open(
        autoencoder,
        batches,
        folder.resolve("latents.safetensors"),
        source,
        done -> listener.onPrepared(done, data.size()));
  }

  /// The autoencoder in `vae`, if its latents are what `unet` works on.
  static Autoencoder autoencoder(Path vae, UNetConfig unet) throws IOException {
    Checkpoint.Part<VaeConfig> part = DiffusersFolder.openVae(vae, Precision.F32);
    VaeConfig config = part.config();
    if (config.latentChannels() != unet.inChannels()) {
      throw new IllegalArgumentException(
          "the U-Net's in_channels must be the autoencoder's latent_channels: %d, not %d"
              .formatted(config.latentChannels(), unet.inChannels()));
    }
    StoredWeights weights = new StoredWeights(part.weights(), Device.CPU, Precision.F32);
    Autoencoder autoencoder = Autoencoder.of(Weights.of(weights), config);
    weights.finish(_ -> false);
    return autoencoder;
  }
}
