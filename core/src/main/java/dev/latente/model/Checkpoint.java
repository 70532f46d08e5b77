package dev.latente.model;

import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Precision;
import dev.latente.text.ClipTextConfig;
import dev.latente.unet.UNetConfig;
import dev.latente.vae.CodecConfig;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A model's files, opened and understood, but not yet read: each component's sizes and weights.
///
/// @param origin the folder or file
/// @param unet the network
/// @param vae the autoencoder; none if the network sees pixels
/// @param textEncoders the text encoders, in the order their hidden states are joined
/// @param scheduler how it was trained and is to be sampled
/// @param predictionIsCertain whether the scheduler's prediction type is known; SD 2 in a single
///   file may estimate `eps` or `v`, and only trying tells
/// @param emptyPromptIsZeros whether an empty negative prompt is all zeros, not an encoded text
///   (XL)
/// @param requiresAestheticsScore whether the network is told a score (XL's refiner)
/// @param lowResolution how an upscaler's small picture is made noisy; none for other models
/// @param ignored the tensors of a single file that belong to no component
public record Checkpoint(
    Path origin,
    Part<UNetConfig> unet,
    Optional<Part<CodecConfig>> vae,
    List<TextEncoderPart> textEncoders,
    SchedulerConfig scheduler,
    boolean predictionIsCertain,
    boolean emptyPromptIsZeros,
    boolean requiresAestheticsScore,
    Optional<LowResolution> lowResolution,
    List<String> ignored)
    implements AutoCloseable {

  /// One component: its sizes, and its weights under the names its layers ask for.
  public record Part<C>(C config, CheckpointSource weights) {}

  /// A text encoder.
  ///
  /// @param tokenizer the folder with its tokenizer's files, if the model brings one
  public record TextEncoderPart(
      ClipTextConfig config, CheckpointSource weights, Optional<Path> tokenizer) {}

  public Checkpoint {
    textEncoders = List.copyOf(textEncoders);
    ignored = List.copyOf(ignored);
  }

  /// Opens a model.
  ///
  /// @param path a folder in diffusers' layout, or a single file in the original naming
  /// @param wanted the precision it will run in, by which a folder's variant is chosen
  /// @throws dev.latente.nn.ModelFormatException if it is not a model that can be read
  public static Checkpoint open(Path path, Precision wanted) throws IOException {
    return Files.isRegularFile(path) ? SingleFile.open(path) : DiffusersFolder.open(path, wanted);
  }

  /// Opens a single file whose sizes no published model has, by the configs of another model.
  ///
  /// @param path a file in the original naming
  /// @param like a folder in diffusers' layout; its weights are not read
  /// @throws dev.latente.nn.ModelFormatException if one is not what it should be
  public static Checkpoint openLike(Path path, Path like, Precision wanted) throws IOException {
    try (Checkpoint model = DiffusersFolder.open(like, wanted)) {
      return SingleFile.openLike(path, model);
    }
  }

  /// Opens an autoencoder to be used in place of a model's own.
  ///
  /// @param path a component's folder with its `config.json`, a whole model's folder, a file of an
  ///   autoencoder in any naming, or a whole model in one file
  /// @param like the model's own; a file that does not state its scale has that of this
  /// @throws dev.latente.nn.ModelFormatException if it is not an autoencoder
  public static Part<CodecConfig> openVae(Path path, VaeConfig like, Precision wanted)
      throws IOException {
    if (!Files.isDirectory(path)) {
      return VaeFile.open(path, like);
    }
    boolean whole = Files.exists(path.resolve(DiffusersFolder.INDEX));
    return DiffusersFolder.openCodec(whole ? path.resolve("vae") : path, wanted);
  }

  /// What kind of model it is.
  public ModelKind kind() {
    return ModelKind.of(unet.config());
  }

  /// Closes all files; weights that were read stay.
  @Override
  public void close() {
    unet.weights().close();
    vae.ifPresent(part -> part.weights().close());
    textEncoders.forEach(part -> part.weights().close());
  }
}
