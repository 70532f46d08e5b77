package dev.latente.pipeline;

import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vae.Codec;
import dev.latente.vae.Tiling;
import dev.latente.vae.TinyVaeConfig;
import dev.latente.vae.VaeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Where diffusion happens, and the way from there to pixels and back.
sealed interface LatentSpace {
  /// Whether memory is short.
  boolean thrifty();

  /// How many pixels one element stands for, along each side.
  int downscale();

  /// Pixels `[N, 3, H, W]`, about -1 (black) to 1 (white), of latents `[N, C, h, w]`; of so many
  /// pictures at once as do not need much more memory than one may.
  Tensor decode(Tensor latents);

  /// A quick look at latents `[N, C, h, w]`: pixels `[N, 3, h', w']`, perhaps of another size.
  Tensor preview(Tensor latents);

  /// The most likely latents `[N, C, h, w]` of pixels `[N, 3, H, W]`.
  Tensor encode(Tensor pixels);

  /// Latents of pixels, drawn with standard normal `noise` of their shape, or of more pictures than
  /// there are pixels of: those all show the same.
  Tensor encode(Tensor pixels, Tensor noise);

  /// Latents as the autoencoder's network itself has them, not scaled to a variance of about 1.
  Tensor unscaled(Tensor latents);

  /// Whether the elements of `other` mean about the same, so that one model may go on with what
  /// another began: as many channels, scaled alike. Tiny autoencoders do not tell how latents are
  /// scaled.
  boolean agreesWith(LatentSpace other);

  /// What comes back of pixels `[N, 3, H, W]` that are encoded and decoded.
  default Tensor reconstruct(Tensor pixels) {
    return Scope.tidy(() -> decode(encode(pixels)));
  }

  /// The latents of an autoencoder.
  ///
  /// @param precision of the autoencoder's weights
  /// @param tiling how to take pictures through it; by their size if empty
  /// @param thrifty whether memory is short
  /// @param quick what makes pixels of latents for a quick look
  record Latents(
      Codec vae,
      Precision precision,
      Optional<Tiling> tiling,
      boolean thrifty,
      UnaryOperator<Tensor> quick)
      implements LatentSpace {
    /// A processor is busy with one large picture, and fresh memory for more takes its time: 512
    /// MB.
    private static final long MOST_ON_PROCESSOR = 512L << 20;

    @Override
    public boolean agreesWith(LatentSpace other) {
      return other instanceof Latents latents
          && latents.vae.config().latentChannels() == vae.config().latentChannels()
          && !(latents.vae.config() instanceof VaeConfig theirs
              && vae.config() instanceof VaeConfig ours
              && theirs.scalingFactor() != ours.scalingFactor());
    }

    @Override
    public int downscale() {
      return vae.config().downscale();
    }

    @Override
    public Tensor decode(Tensor latents) {
      long width = latents.size(3) * downscale();
      long height = latents.size(2) * downscale();
      Tiling how = tiling(width, height);
      long most = latents.device() == Device.CPU ? MOST_ON_PROCESSOR : Tiling.MOST_BYTES;
      long together = Math.max(1, most / how.need(vae.config(), width, height));
      List<Tensor> parts = new ArrayList<>();
      for (long i = 0; i < latents.size(0); i += together) {
        Tensor part = latents.slice(0, i, Math.min(i + together, latents.size(0)));
        parts.add(Scope.tidy(() -> vae.decode(part.to(precision), how).to(Precision.F32)));
      }
      return parts.size() == 1 ? parts.getFirst() : Tensor.concat(0, parts.toArray(Tensor[]::new));
    }

    @Override
    public Tensor encode(Tensor pixels) {
      Tiling how = tiling(pixels.size(3), pixels.size(2));
      return Scope.tidy(() -> vae.encode(pixels.to(precision), how).to(Precision.F32));
    }

    @Override
    public Tensor encode(Tensor pixels, Tensor noise) {
      Tiling how = tiling(pixels.size(3), pixels.size(2));
      return Scope.tidy(
          () -> vae.encode(pixels.to(precision), noise.to(precision), how).to(Precision.F32));
    }

    @Override
    public Tensor preview(Tensor latents) {
      return quick.apply(latents);
    }

    @Override
    public Tensor unscaled(Tensor latents) {
      return switch (vae.config()) {
        case VaeConfig config ->
            latents.dividedBy(config.scalingFactor()).plus(config.shiftFactor());
        // tiny ones give the latents of SD's own as they are scaled
        case TinyVaeConfig _ -> latents.dividedBy(VaeConfig.SD_SCALING_FACTOR);
      };
    }

    private Tiling tiling(long width, long height) {
      return tiling.orElseGet(() ->
          thrifty
              ? Tiling.thrifty(vae.config(), width, height)
              : Tiling.automatic(vae.config(), width, height));
    }
  }

  /// The pixels themselves.
  record Pixels() implements LatentSpace {
    @Override
    public boolean agreesWith(LatentSpace other) {
      return other instanceof Pixels;
    }

    @Override
    public boolean thrifty() {
      return false;
    }

    @Override
    public int downscale() {
      return 1;
    }

    @Override
    public Tensor decode(Tensor latents) {
      return latents;
    }

    @Override
    public Tensor preview(Tensor latents) {
      return latents;
    }

    @Override
    public Tensor unscaled(Tensor latents) {
      return latents;
    }

    @Override
    public Tensor encode(Tensor pixels) {
      return pixels;
    }

    @Override
    public Tensor encode(Tensor pixels, Tensor noise) {
      return pixels;
    }
  }
}
