package dev.latente.vae;

import dev.latente.nn.Conv2d;
import dev.latente.nn.Layer;
import dev.latente.nn.Weights;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// The variational autoencoder between pictures and the latents in which diffusion happens.
///
/// [Rombach et al. (2022)](https://arxiv.org/abs/2112.10752), section 3.1. Names follow the
/// diffusers checkpoint (`AutoencoderKL`).
public final class Autoencoder implements Codec {
  private final VaeConfig config;
  private final Encoder encoder;
  private final Decoder decoder;
  private final Layer quantConv;
  private final Layer postQuantConv;

  private Autoencoder(Weights weights, VaeConfig config) {
    this.config = config;
    int latent = config.latentChannels();
    encoder = Encoder.of(weights.at("encoder"), config);
    decoder = Decoder.of(weights.at("decoder"), config);
    quantConv =
        config.useQuantConv()
            ? Conv2d.of(weights.at("quant_conv"), 2 * latent, 2 * latent, 1)
            : Layer.IDENTITY;
    postQuantConv =
        config.usePostQuantConv()
            ? Conv2d.of(weights.at("post_quant_conv"), latent, latent, 1)
            : Layer.IDENTITY;
  }

  /// Builds the autoencoder of `config` from `weights`.
  public static Autoencoder of(Weights weights, VaeConfig config) {
    return new Autoencoder(weights, config);
  }

  /// The sizes it was built with.
  @Override
  public VaeConfig config() {
    return config;
  }

  /// The distribution of the unscaled latents of `pictures`.
  ///
  /// @param pictures `[N, 3, H, W]`, -1 (black) to 1 (white), sides multiples of
  ///   [VaeConfig#downscale]
  public Moments moments(Tensor pictures) {
    return moments(pictures, Tiling.WHOLE);
  }

  /// As [#moments], in tiles if `tiling` says so.
  public Moments moments(Tensor pictures, Tiling tiling) {
    return Moments.of(quantConv.forward(encoder.forward(pictures, tiling)));
  }

  /// Pictures of unscaled latents.
  ///
  /// @param latents `[N, C, H, W]`
  /// @return about -1 (black) to 1 (white), `[N, 3, 8H, 8W]`
  public Tensor reconstruct(Tensor latents) {
    return reconstruct(latents, Tiling.WHOLE);
  }

  private Tensor reconstruct(Tensor latents, Tiling tiling) {
    return decoder.forward(postQuantConv.forward(latents), tiling);
  }

  /// Latents for diffusion: the mean of the distribution, scaled to a variance of about 1.
  public Tensor encode(Tensor pictures) {
    return encode(pictures, Tiling.WHOLE);
  }

  @Override
  public Tensor encode(Tensor pictures, Tiling tiling) {
    return Scope.tidy(() -> scaled(moments(pictures, tiling).mean()));
  }

  @Override
  public Tensor encode(Tensor pictures, Tensor noise, Tiling tiling) {
    return Scope.tidy(() -> scaled(moments(pictures, tiling).sample(noise)));
  }

  /// Pictures of latents that diffusion made; the inverse of [#encode].
  public Tensor decode(Tensor latents) {
    return decode(latents, Tiling.WHOLE);
  }

  @Override
  public Tensor decode(Tensor latents, Tiling tiling) {
    return Scope.tidy(() ->
        reconstruct(latents.dividedBy(config.scalingFactor()).plus(config.shiftFactor()), tiling));
  }

  private Tensor scaled(Tensor latents) {
    return latents.plus(-config.shiftFactor()).times(config.scalingFactor());
  }
}
