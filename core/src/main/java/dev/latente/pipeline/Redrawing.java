package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.model.ModelKind.Task;
import dev.latente.sampling.Denoiser;
import dev.latente.sampling.Sigmas;
import dev.latente.sampling.StepNoise;
import dev.latente.tensor.NoiseRecipe;
import dev.latente.tensor.NoiseSource;
import dev.latente.tensor.NoiseStream;
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
    /// From `x` on, with something beside the latents and with wrappers around the denoiser.
    Tensor take(
        Leg part, Tensor x, Beside beside, List<UnaryOperator<Denoiser>> around, StepNoise noise);
  }

  /// What was drawn at random for a picture.
  ///
  /// @param first what the latents of the start picture are drawn with
  /// @param noise what the start picture is hidden in
  /// @param masked what the latents of the picture without its masked part are drawn with
  private record Draws(Tensor first, Tensor noise, Tensor masked, NoiseStream steps) {
    /// As diffusers draws them.
    ///
    /// @param whole whether the latents of the whole start picture are needed
    static Draws of(NoiseRecipe recipe, boolean whole, boolean masked, long... shape) {
      NoiseRecipe.Start drawn = recipe.startAfter(whole ? 1 : 0, shape);
      boolean stream = recipe.source() == NoiseSource.CPU && recipe.stepOffset() == 0;
      Tensor zeros = Tensor.full(0, shape);
      Tensor second = masked && stream ? drawn.steps().normal(shape) : zeros;
      Tensor first = whole ? drawn.earlier().getFirst() : zeros;
      return new Draws(first, drawn.noise(), second, drawn.steps());
    }
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
  /// @param beside what the model sees beside them without the picture
  Tensor draw(Leg leg, NoiseRecipe recipe, Beside beside, Run run) {
    LoadedModel model = leg.model();
    long[] shape = model.latentShape(picture.width(), picture.height());
    boolean sees = model.task() == Task.INPAINT;
    boolean pure = mask.isPresent() && start.strength() == 1; // begins with noise alone
    Draws draws = Draws.of(recipe, !(sees && pure), mask.isPresent(), shape);
    Tensor noise = draws.noise().to(model.device());
    Leg part = leg.from(skipped(leg.request().steps()));
    Sigmas sigmas = part.sigmas();
    StepNoise steps = StepNoise.of(draws.steps());
    Tensor clean = sees && pure ? noise : latents(model, picture.toFloats(), draws.first());
    Tensor first = pure ? sigmas.start(noise) : sigmas.start(clean, noise);
    if (mask.isEmpty()) {
      return run.take(part, first, beside, List.of(), steps);
    }
    Tensor redrawn = latentMask(shape).to(model.device());
    if (sees) {
      Tensor hidden = latents(model, withoutMasked(), draws.masked());
      Tensor channels = Tensor.concat(1, rounded(redrawn), hidden);
      return run.take(part, first, Beside.of(channels), List.of(), steps);
    }
    UnaryOperator<Denoiser> around =
        inner ->
            (x, level) -> {
              boolean begins = pure && level.sigma() == sigmas.sigma(0);
              Tensor kept = begins ? x : clean.plus(noise.times(level.sigma()));
              return inner.denoise(mixed(kept, x, redrawn), level);
            };
    Tensor x = run.take(part, first, beside, List.of(around), steps);
    return mixed(clean.plus(noise.times(sigmas.sigma(sigmas.steps()))), x, redrawn);
  }

  /// Takes the steps of `part` over `clean` latents `[N, C, H, W]` that were drawn before, at this
  /// size; what the mask keeps is the start picture's.
  ///
  /// @param beside what the model sees beside them without the picture
  Tensor again(Leg part, Tensor clean, List<NoiseRecipe> recipes, Beside beside, Run run) {
    LoadedModel model = part.model();
    long[] shape = model.latentShape(picture.width(), picture.height());
    List<NoiseRecipe.Start> drawn = recipes.stream().map(recipe -> recipe.start(shape)).toList();
    Tensor noise =
        Tensor.concat(0, drawn.stream().map(NoiseRecipe.Start::noise).toArray(Tensor[]::new))
            .to(model.device());
    StepNoise steps = StepNoise.each(drawn.stream().map(NoiseRecipe.Start::steps).toList());
    Tensor first = part.sigmas().start(clean, noise);
    Tensor redrawn = latentMask(shape).to(model.device());
    Tensor none = Tensor.full(0, shape); // the most likely latents
    if (model.task() == Task.INPAINT) {
      Tensor hidden = latents(model, withoutMasked(), none);
      Tensor channels = Tensor.concat(1, rounded(redrawn), hidden);
      return run.take(part, first, Beside.of(channels), List.of(), steps);
    }
    Tensor kept = latents(model, picture.toFloats(), none);
    UnaryOperator<Denoiser> around =
        inner ->
            (x, level) ->
                inner.denoise(mixed(kept.plus(noise.times(level.sigma())), x, redrawn), level);
    Tensor x = run.take(part, first, beside, List.of(around), steps);
    Sigmas sigmas = part.sigmas();
    return mixed(kept.plus(noise.times(sigmas.sigma(sigmas.steps()))), x, redrawn);
  }

  private Tensor latents(LoadedModel model, float[] pixels, Tensor noise) {
    Tensor whole = Tensor.of(pixels, 1, 3, picture.height(), picture.width());
    return model.space().encode(whole.to(model.device()), noise.to(model.device()));
  }

  /// The picture's pixels, grey where it is redrawn.
  private float[] withoutMasked() {
    float[] pixels = picture.toFloats();
    float[] masked = mask.orElseThrow().toFloats();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = masked[i] < 0 ? pixels[i] : 0;
    }
    return pixels;
  }

  /// 1 where the mask is at least a half, else 0: such models were not trained with more.
  private static Tensor rounded(Tensor mask) {
    float[] values = mask.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] >= 0.5f ? 1 : 0;
    }
    return Tensor.of(values, mask.shape()).like(mask);
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
