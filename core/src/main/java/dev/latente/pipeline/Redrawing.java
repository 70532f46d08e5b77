package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.sampling.Denoiser;
import dev.latente.sampling.Sigmas;
import dev.latente.sampling.StepNoise;
import dev.latente.tensor.NoiseRecipe;
import dev.latente.tensor.NoiseSource;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A start picture on its way through a model: as diffusers' `StableDiffusionImg2ImgPipeline` and
/// `StableDiffusionInpaintPipeline` do it, draw for draw.
///
/// @param picture at the size that is drawn
/// @param mask at the size that is drawn, white where the picture is redrawn
record Redrawing(StartPicture start, Picture picture, Optional<Picture> mask) {
  /// Takes the steps of a leg.
  @FunctionalInterface
  interface Run {
    /// From `x` on, with wrappers around the denoiser.
    Tensor take(Leg part, Tensor x, List<UnaryOperator<Denoiser>> around, StepNoise noise);
  }

  /// Brings the picture and its mask to the size of `request`.
  static Redrawing of(StartPicture start, ImageRequest request) {
    int width = request.width();
    int height = request.height();
    return new Redrawing(
        start,
        start.fit().apply(start.picture(), width, height),
        start.mask().map(mask -> start.fit().apply(mask.picture(), width, height)));
  }

  /// How many of the `steps` asked for are left out.
  int skipped(int steps) {
    return start.skipped(steps);
  }

  /// Latents `[1, C, H, W]` with the noise of the last level of `leg`.
  ///
  /// @param shape of the latents
  Tensor draw(LoadedModel model, Leg leg, NoiseRecipe recipe, long[] shape, Run run) {
    NoiseRecipe.Start drawn = recipe.startAfter(1, shape);
    Tensor noise = drawn.noise().to(model.device());
    Tensor pixels =
        Tensor.of(picture.toFloats(), 1, 3, picture.height(), picture.width()).to(model.device());
    Tensor clean = model.space().encode(pixels, drawn.earlier().getFirst().to(model.device()));
    if (mask.isPresent() && recipe.source() == NoiseSource.CPU && recipe.stepOffset() == 0) {
      drawn.steps().normal(shape); // diffusers encodes the masked picture too, for other models
    }
    Leg part = leg.from(skipped(leg.request().steps()));
    Sigmas sigmas = part.sigmas();
    StepNoise steps = StepNoise.of(drawn.steps());
    if (mask.isEmpty()) {
      return run.take(part, sigmas.start(clean, noise), List.of(), steps);
    }
    boolean pure = start.strength() == 1; // nothing is known of the picture yet
    Tensor first = pure ? sigmas.start(noise) : sigmas.start(clean, noise);
    Tensor redrawn = latentMask(shape).to(model.device());
    UnaryOperator<Denoiser> around =
        inner ->
            (x, level) -> {
              boolean begins = pure && level.sigma() == sigmas.sigma(0);
              Tensor kept = begins ? x : clean.plus(noise.times(level.sigma()));
              return inner.denoise(mixed(kept, x, redrawn), level);
            };
    Tensor x = run.take(part, first, List.of(around), steps);
    double last = sigmas.sigma(sigmas.steps());
    return mixed(clean.plus(noise.times(last)), x, redrawn);
  }

  private static Tensor mixed(Tensor kept, Tensor drawn, Tensor mask) {
    return Scope.tidy(() -> kept.plus(drawn.minus(kept).times(mask)));
  }

  /// The mask of latents, `[1, 1, H, W]`, 1 where they are redrawn: of each square of pixels the
  /// first, as diffusers takes it.
  private Tensor latentMask(long... shape) {
    int height = Math.toIntExact(shape[2]);
    int width = Math.toIntExact(shape[3]);
    Picture pixels = mask.orElseThrow();
    float[] values = new float[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int pixel = pixels.at(x * pixels.width() / width, y * pixels.height() / height);
        values[y * width + x] = (pixel >> 8 & 0xff) / 255f; // grey: all channels are the same
      }
    }
    return Tensor.of(values, 1, 1, height, width);
  }

  /// The drawn picture with what was not to be redrawn as it was.
  Picture pasted(Picture drawn) {
    return start.mask().filter(StartPicture.Mask::paste).isPresent()
        ? drawn.over(picture, mask.orElseThrow())
        : drawn;
  }
}
