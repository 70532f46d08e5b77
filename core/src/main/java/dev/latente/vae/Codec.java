package dev.latente.vae;

import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;

/// What stands between pictures and the latents in which diffusion happens.
public sealed interface Codec permits Autoencoder, TinyAutoencoder {
  /// Builds the network of `config` from `weights`.
  static Codec of(Weights weights, CodecConfig config) {
    return switch (config) {
      case VaeConfig large -> Autoencoder.of(weights, large);
      case TinyVaeConfig tiny -> TinyAutoencoder.of(weights, tiny);
    };
  }

  /// The sizes it was built with.
  CodecConfig config();

  /// Latents for diffusion, with a variance of about 1: the most likely ones.
  ///
  /// @param pictures `[N, 3, H, W]`, -1 (black) to 1 (white), sides multiples of
  ///   [CodecConfig#downscale]
  /// @return `[N, C, H/8, W/8]`
  Tensor encode(Tensor pictures, Tiling tiling);

  /// As [#encode], drawn from what the latents may be, where the network tells more than one.
  ///
  /// @param noise standard normal, of the latents' shape
  Tensor encode(Tensor pictures, Tensor noise, Tiling tiling);

  /// Pictures of latents that diffusion made.
  ///
  /// @param latents `[N, C, H, W]`
  /// @return about -1 (black) to 1 (white), `[N, 3, 8H, 8W]`
  Tensor decode(Tensor latents, Tiling tiling);
}
