package dev.latente.pipeline;

import dev.latente.model.Checkpoint;
import dev.latente.model.Checkpoint.Part;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vae.Autoencoder;
import dev.latente.vae.Codec;
import dev.latente.vae.CodecConfig;
import dev.latente.vae.Tiling;
import dev.latente.vae.TinyAutoencoder;
import dev.latente.vae.VaeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Reads a model's autoencoder or another one in its place, and checks that it fits the U-Net.
record AutoencoderLoader(Checkpoint checkpoint, Components components, LoadOptions options) {
  /// An autoencoder that is no wider draws its previews itself, fast enough.
  private static final int SMALL = 64;

  /// What a model of Stable Diffusion 1 has, for those that bring a tiny one.
  private static final VaeConfig USUAL =
      VaeConfig.of(List.of(128, 256, 512, 512), 2, 4, 32, 512, VaeConfig.SD_SCALING_FACTOR);

  /// An autoencoder in memory.
  private record Loaded(Codec codec, Precision precision) {
    Tensor decode(Tensor latents) {
      return Scope.tidy(() -> codec.decode(latents.to(precision), Tiling.WHOLE).to(Precision.F32));
    }
  }

  /// Where the model's diffusion happens.
  LatentSpace load() throws IOException {
    if (checkpoint.vae().isEmpty()) {
      return pixels();
    }
    Loaded loaded = main();
    UnaryOperator<Tensor> quick = preview(loaded);
    return new LatentSpace.Latents(
        loaded.codec(),
        loaded.precision(),
        options.vae().tiling(),
        options.memory() == MemoryUse.LOW,
        quick);
  }

  private Loaded main() throws IOException {
    if (options.vae().file().isPresent()) {
      return another(options.vae().file().get());
    }
    Part<CodecConfig> own = checkpoint.vae().orElseThrow();
    if (own.weights().names().isEmpty()) {
      throw new ModelFormatException(
          "%s: expected an autoencoder (first_stage_model.… or vae.…), found none; another one may be"
                  .formatted(checkpoint.origin())
              + " given beside it (--vae)");
    }
    requireChannels(checkpoint.origin().toString(), own.config());
    return built(own);
  }

  private UnaryOperator<Tensor> preview(Loaded main) throws IOException {
    if (options.vae().preview().isPresent()) {
      return another(options.vae().preview().get())::decode;
    }
    return switch (main.codec()) {
      case TinyAutoencoder _ -> main::decode;
      case Autoencoder vae when vae.config().widestMap() <= SMALL -> main::decode;
      case Autoencoder vae ->
          LinearPreview.of(vae.config())
              .<UnaryOperator<Tensor>>map(known -> known::colours)
              .orElse(main::decode);
    };
  }

  private LatentSpace pixels() {
    Optional<Path> other = options.vae().file().or(options.vae()::preview);
    if (other.isPresent()) {
      throw new ModelFormatException(
          "%s: expected a model with an autoencoder to replace, found %s, which draws pixels"
              .formatted(other.get(), checkpoint.origin()));
    }
    return new LatentSpace.Pixels();
  }

  private Loaded another(Path path) throws IOException {
    CodecConfig own = checkpoint.vae().orElseThrow().config();
    VaeConfig like = own instanceof VaeConfig vae ? vae : USUAL;
    Part<CodecConfig> other = Checkpoint.openVae(path, like, options.precision());
    try (var _ = other.weights()) {
      requireChannels(path.toString(), other.config());
      if (other.config().downscale() != own.downscale()) {
        throw new ModelFormatException(
            "%s: expected an autoencoder that shrinks by %d, as that of %s, found %d"
                .formatted(path, own.downscale(), checkpoint.origin(), other.config().downscale()));
      }
      return built(other);
    }
  }

  private void requireChannels(String origin, CodecConfig config) {
    int wanted = checkpoint.unet().config().outChannels();
    if (config.latentChannels() != wanted) {
      throw new ModelFormatException(
          "%s: expected an autoencoder of the U-Net's %d channels, found latent_channels %d"
              .formatted(origin, wanted, config.latentChannels()));
    }
  }

  private Loaded built(Part<CodecConfig> part) {
    CodecConfig config = part.config();
    Precision wanted = options.precision();
    Precision own = config.forceUpcast() && wanted == Precision.F16 ? Precision.F32 : wanted;
    Codec codec = components.build(part.weights(), own, at -> Codec.of(at, config));
    return new Loaded(codec, own);
  }
}
