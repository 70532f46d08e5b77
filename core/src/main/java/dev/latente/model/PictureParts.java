package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What a model that draws variations of a picture has in place of a text encoder or beside it,
/// opened but not yet read.
///
/// @param encoder makes an embedding of a picture
/// @param noising how noise is added to the embedding: unCLIP
public record PictureParts(VisionPart encoder, Optional<Noising> noising) implements AutoCloseable {
  /// diffusers' class of such models that see the embedding as a text of one token: those of
  /// [Pinkney](https://huggingface.co/lambdalabs/sd-image-variations-diffusers).
  static final String VARIATION = "StableDiffusionImageVariationPipeline";

  /// diffusers' class of such models that add the embedding to that of the noise level: [Ramesh et
  /// al. (2022)](https://arxiv.org/abs/2204.06125), as Stability AI trained them.
  static final String UNCLIP = "StableUnCLIPImg2ImgPipeline";

  /// How an embedding is made noisy.
  ///
  /// @param scheduler whose noise levels are meant
  /// @param normalizer `mean` and `std` `[1, P]` of embeddings, by which they are normalised before
  public record Noising(SchedulerConfig scheduler, CheckpointSource normalizer) {}

  /// Those of the model in `folder`, if its pipeline has any.
  ///
  /// @throws ModelFormatException if one is missing or cannot be read
  public static Optional<PictureParts> open(Path folder, Precision wanted) throws IOException {
    Path index = folder.resolve(DiffusersFolder.INDEX);
    if (!Files.isRegularFile(index)) {
      return Optional.empty();
    }
    return switch (Json.read(index).path("_class_name").asString("")) {
      case VARIATION -> Optional.of(new PictureParts(encoder(folder, wanted), Optional.empty()));
      case UNCLIP ->
          Optional.of(
              new PictureParts(encoder(folder, wanted), Optional.of(noising(folder, wanted))));
      default -> Optional.empty();
    };
  }

  private static VisionPart encoder(Path folder, Precision wanted) throws IOException {
    requireFolder(folder, "image_encoder");
    return VisionPart.imageEncoderOf(folder, wanted);
  }

  private static Noising noising(Path folder, Precision wanted) throws IOException {
    requireFolder(folder, "image_normalizer");
    requireFolder(folder, "image_noising_scheduler");
    Path scheduler =
        folder.resolve("image_noising_scheduler").resolve(DiffusersFolder.SCHEDULER_FILE);
    return new Noising(
        SchedulerJson.read(new ConfigReader(scheduler.toString(), Json.read(scheduler))),
        WeightFiles.open(folder.resolve("image_normalizer"), DiffusersFolder.WEIGHTS, wanted));
  }

  private static void requireFolder(Path folder, String name) {
    if (!Files.isDirectory(folder.resolve(name))) {
      throw new ModelFormatException(
          "%s: expected a folder '%s', as %s says, found none"
              .formatted(folder, name, DiffusersFolder.INDEX));
    }
  }

  /// Closes the files; weights that were read stay.
  @Override
  public void close() {
    encoder.close();
    noising.ifPresent(noise -> noise.normalizer().close());
  }
}
