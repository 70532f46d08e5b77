package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.image.Resampling;
import dev.latente.tensor.FeatureMaps;
import dev.latente.tensor.FeatureMaps.Interpolation;
import dev.latente.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How a picture is enlarged between the first pass and the second.
///
/// Enlarged latents are no latents of a sharp picture: the second pass needs a strength of 0.5 or
/// more to mend them. Enlarged pixels bear any strength, and cost a decoding and an encoding.
public enum HiresUpscaler {
  /// The latents, each from the 2×2 around.
  LATENT("Latent"),
  /// The latents, each from the 4×4 around.
  LATENT_BICUBIC("Latent (bicubic)"),
  /// The latents, each repeated.
  LATENT_NEAREST("Latent (nearest)"),
  /// The decoded picture, by Lanczos' windowed sinc, encoded again to its most likely latents.
  PIXEL("Lanczos");

  /// The least strength that mends enlarged latents.
  static final double LEAST_LATENT_STRENGTH = 0.5;

  private final String label;

  HiresUpscaler(String label) {
    this.label = label;
  }

  /// What A1111's web UI calls it.
  public String label() {
    return label;
  }

  /// What users call it.
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The one called `name`, by users or by A1111's web UI.
  ///
  /// @throws IllegalArgumentException if there is none, naming the known ones
  public static HiresUpscaler named(String name) {
    String wanted = name.strip();
    for (HiresUpscaler upscaler : values()) {
      if (upscaler.id().equalsIgnoreCase(wanted) || upscaler.label.equalsIgnoreCase(wanted)) {
        return upscaler;
      }
    }
    throw new IllegalArgumentException(
        "unknown upscaler '%s'; known: %s"
            .formatted(
                name,
                Arrays.stream(values()).map(HiresUpscaler::id).collect(Collectors.joining(", "))));
  }

  /// Latents `[N, C, h, w]` as those of pictures of `width` x `height` pixels.
  Tensor enlarge(LatentSpace space, Tensor latents, int width, int height) {
    long h = height / space.downscale();
    long w = width / space.downscale();
    return switch (this) {
      case LATENT -> FeatureMaps.resize(latents, h, w, Interpolation.BILINEAR);
      case LATENT_BICUBIC -> FeatureMaps.resize(latents, h, w, Interpolation.BICUBIC);
      case LATENT_NEAREST -> latents.upsampleNearest(h, w);
      case PIXEL -> space.encode(resized(space.decode(latents), width, height).like(latents));
    };
  }

  /// Pixels `[N, 3, H, W]` at another size, by way of 8-bit pictures as people would do it.
  private static Tensor resized(Tensor pixels, int width, int height) {
    Tensor[] pictures = pixels.chunk((int) pixels.size(0), 0);
    for (int i = 0; i < pictures.length; i++) {
      int w = Math.toIntExact(pixels.size(3));
      int h = Math.toIntExact(pixels.size(2));
      Picture picture =
          Picture.ofFloats(w, h, pictures[i].toFloatArray())
              .resized(width, height, Resampling.LANCZOS);
      pictures[i] = Tensor.of(picture.toFloats(), 1, 3, height, width);
    }
    return Tensor.concat(0, pictures);
  }
}
