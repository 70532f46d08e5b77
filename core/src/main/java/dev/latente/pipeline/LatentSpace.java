package dev.latente.pipeline;

import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vae.Autoencoder;

/// Where diffusion happens, and the way from there to pixels.
sealed interface LatentSpace {
  /// How many pixels one element stands for, along each side.
  int downscale();

  /// Pixels `[N, 3, H, W]`, about -1 (black) to 1 (white), of latents `[N, C, h, w]`.
  Tensor decode(Tensor latents);

  /// What comes back of pixels `[N, 3, H, W]` that are encoded and decoded.
  Tensor reconstruct(Tensor pixels);

  /// The latents of an autoencoder.
  ///
  /// @param precision of the autoencoder's weights
  record Latents(Autoencoder vae, Precision precision) implements LatentSpace {
    @Override
    public int downscale() {
      return vae.config().downscale();
    }

    @Override
    public Tensor decode(Tensor latents) {
      return Scope.tidy(() -> vae.decode(latents.to(precision)).to(Precision.F32));
    }

    @Override
    public Tensor reconstruct(Tensor pixels) {
      return Scope.tidy(() -> decode(vae.encode(pixels.to(precision))));
    }
  }

  /// The pixels themselves.
  record Pixels() implements LatentSpace {
    @Override
    public int downscale() {
      return 1;
    }

    @Override
    public Tensor decode(Tensor latents) {
      return latents;
    }

    @Override
    public Tensor reconstruct(Tensor pixels) {
      return pixels;
    }
  }
}
