package dev.latente.vae;

import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.Optional;

/// A small and fast stand-in for a variational autoencoder, trained to give the same pictures:
/// [TAESD](https://github.com/madebyollin/taesd).
///
/// Names follow the diffusers checkpoint (`AutoencoderTiny`).
public final class TinyAutoencoder implements Codec {
  private final TinyVaeConfig config;
  private final Optional<Encoder> encoder;
  private final Decoder decoder;

  private TinyAutoencoder(Weights weights, TinyVaeConfig config) {
    this.config = config;
    encoder =
        config.hasEncoder()
            ? Optional.of(TinyLayers.encoder(weights.at("encoder.layers"), config))
            : Optional.empty();
    decoder = TinyLayers.decoder(weights.at("decoder.layers"), config);
  }

  /// Builds the autoencoder of `config` from `weights`.
  public static TinyAutoencoder of(Weights weights, TinyVaeConfig config) {
    return new TinyAutoencoder(weights, config);
  }

  @Override
  public TinyVaeConfig config() {
    return config;
  }

  /// @throws IllegalArgumentException if it was loaded without an encoder
  @Override
  public Tensor encode(Tensor pictures, Tiling tiling) {
    Encoder present =
        encoder.orElseThrow(() ->
            new IllegalArgumentException(
                "encoding a picture needs an autoencoder with an encoder: this one has none"));
    return Scope.tidy(() -> {
      Tensor unit = pictures.plus(1).times(0.5); // trained on 0 to 1
      Tensor latents = present.forward(unit, tiling);
      return latents.plus(-config.shiftFactor()).times(config.scalingFactor());
    });
  }

  /// The same as without noise: the network tells one set of latents.
  @Override
  public Tensor encode(Tensor pictures, Tensor noise, Tiling tiling) {
    return encode(pictures, tiling);
  }

  @Override
  public Tensor decode(Tensor latents, Tiling tiling) {
    return Scope.tidy(() -> {
      Tensor x = latents.dividedBy(config.scalingFactor()).plus(config.shiftFactor());
      return decoder.forward(x, tiling).times(2).plus(-1); // trained on 0 to 1
    });
  }
}
