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
public final class Autoencoder {
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
  public VaeConfig config() {
    return config;
  }

  /// The distribution of the unscaled latents of `pictures`.
  ///
  /// @param pictures `[N, 3, H, W]`, -1 (black) to 1 (white), sides multiples of
  ///   [VaeConfig#downscale]
  public Moments moments(Tensor pictures) {
    return Moments.of(quantConv.forward(encoder.forward(pictures)));
  }

  /// Pictures of unscaled latents.
  ///
  /// @param latents `[N, C, H, W]`
  /// @return about -1 (black) to 1 (white), `[N, 3, 8H, 8W]`
  public Tensor reconstruct(Tensor latents) {
    return decoder.forward(postQuantConv.forward(latents));
  }

  /// Latents for diffusion: the mean of the distribution, scaled to a variance of about 1.
  public Tensor encode(Tensor pictures) {
    return Scope.tidy(() -> moments(pictures).mean().times(config.scalingFactor()));
  }

  /// As [#encode], drawn from the distribution with standard normal `noise` of the latents' shape.
  public Tensor encode(Tensor pictures, Tensor noise) {
    return Scope.tidy(() -> moments(pictures).sample(noise).times(config.scalingFactor()));
  }

  /// Pictures of latents that diffusion made; the inverse of [#encode].
  public Tensor decode(Tensor latents) {
    return Scope.tidy(() -> reconstruct(latents.dividedBy(config.scalingFactor())));
  }
}
