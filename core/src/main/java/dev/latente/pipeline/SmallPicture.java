package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.model.LowResolution;
import dev.latente.tensor.NoiseRecipe;
import dev.latente.tensor.Tensor;
import java.util.List;

/// The picture that an upscaler enlarges, as its network sees it: its pixels beside the latents,
/// which are as many, and a little noise over them, so that flaws of the small picture are not
/// enlarged.
///
/// @param pixels `[1, 3, h, w]`, -1 to 1
/// @param deviation of the noise, for pixels of variance `1 / (1 + deviation²)`
record SmallPicture(Tensor pixels, double deviation) {
  /// The noise comes from a stream of its own, so that a seed's latents are those of other models.
  private static final long OWN_STREAM = 0x534D_414CL;

  /// Of `request`'s start picture.
  ///
  /// @throws IllegalArgumentException if so much noise is not known to the model
  static SmallPicture of(LoadedModel model, ImageRequest request) {
    StartPicture start = request.start().orElseThrow();
    LowResolution low = model.lowResolution().orElseThrow();
    int level = request.sampling().upscaleNoise();
    int most = Math.min(low.mostNoise(), model.unet().config().numClassEmbeds().orElse(1) - 1);
    if (level > most) {
      throw new IllegalArgumentException(
          "upscale noise must be from 0 to %d for the model '%s': %d"
              .formatted(most, model.name(), level));
    }
    long[] shape = model.latentShape(request.width(), request.height());
    int height = Math.toIntExact(shape[2]);
    int width = Math.toIntExact(shape[3]);
    Picture small = start.fit().apply(start.picture(), width, height);
    Tensor pixels = Tensor.of(small.toFloats(), 1, 3, height, width).to(model.device());
    return new SmallPicture(pixels, low.scheduler().noiseSchedule().sigma(level));
  }

  /// What is seen beside each of the pictures whose noise is drawn by `recipes`, `[N, 3, h, w]`.
  Tensor noisy(List<NoiseRecipe> recipes) {
    Tensor[] each =
        recipes.stream()
            .map(
                recipe -> recipe.source().seeded(recipe.seed() ^ OWN_STREAM).normal(pixels.shape()))
            .map(noise -> pixels.plus(noise.like(pixels).times(deviation)))
            .toArray(Tensor[]::new);
    return Tensor.concat(0, each).times(1 / Math.hypot(1, deviation));
  }
}
