package dev.latente.pipeline;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vae.VaeConfig;
import java.util.Optional;

/// Latents to colours by a matrix: small and blurred, but in no time.
///
/// The published autoencoders' latents are nearly colours, as [Turner
/// (2022)](https://discuss.huggingface.co/t/decoding-latents-to-rgb-without-upscaling/23204) found;
/// the numbers are those that ComfyUI's `latent_formats.py` gives.
enum LinearPreview {
  SD(VaeConfig.SD_SCALING_FACTOR),
  XL(0.13025);

  private static final int CHANNELS = 4;

  private final double scalingFactor;

  LinearPreview(double scalingFactor) {
    this.scalingFactor = scalingFactor;
  }

  /// A row for each colour, `[1, 3, 4]`.
  private Tensor matrix() {
    float[] rows =
        switch (this) {
          case SD ->
              new float[] {
                0.3512f, 0.3250f, -0.2829f, -0.2120f,
                0.2297f, 0.4974f, 0.1762f, -0.2616f,
                0.3227f, 0.2350f, 0.2721f, -0.7177f
              };
          case XL ->
              new float[] {
                0.3651f, -0.2533f, 0.1076f, -0.3165f,
                0.4232f, -0.0042f, 0.1111f, -0.2492f,
                0.4341f, 0.1068f, -0.0362f, -0.2188f
              };
        };
    return Tensor.of(rows, 1, 3, CHANNELS);
  }

  /// What is added to each colour, `[1, 3, 1]`.
  private Tensor shift() {
    return switch (this) {
      case SD -> Tensor.full(0, 1, 3, 1);
      case XL -> Tensor.of(new float[] {0.1084f, -0.0175f, -0.0011f}, 1, 3, 1);
    };
  }

  /// The matrix for latents of an autoencoder, which its scale tells; none if it is unknown.
  static Optional<LinearPreview> of(VaeConfig config) {
    for (LinearPreview known : values()) {
      if (config.latentChannels() == CHANNELS && config.scalingFactor() == known.scalingFactor) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /// Colours `[1, 3, h, w]`, about -1 to 1, of latents `[1, 4, h, w]`.
  Tensor colours(Tensor latents) {
    return Scope.tidy(() -> {
      Tensor flat = latents.reshape(1, CHANNELS, -1);
      Tensor colours = matrix().like(flat).matmul(flat);
      Tensor shifted = colours.plus(shift().like(flat));
      return shifted.reshape(1, 3, latents.size(2), latents.size(3));
    });
  }
}
