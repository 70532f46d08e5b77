package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.image.Surroundings;
import dev.latente.model.ModelKind.Task;
import dev.latente.sampling.Denoiser;
import dev.latente.sampling.Sigmas;
import dev.latente.sampling.StepNoise;
import dev.latente.tensor.NoiseRecipe;
import dev.latente.tensor.NoiseSource;
import dev.latente.tensor.NoiseStream;
import dev.latente.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/// A start picture on its way through a model: as diffusers' `StableDiffusionImg2ImgPipeline` and
/// `StableDiffusionInpaintPipeline` do it, draw for draw.
record Redrawing(StartPicture start, Canvas canvas) {
  /// Takes the steps of a leg.
  @FunctionalInterface
  interface Run {
    /// From `x` on, with something beside the latents and with wrappers around the denoiser.
    Tensor take(
        Leg part, Tensor x, Beside beside, List<UnaryOperator<Denoiser>> around, StepNoise noise);
  }

  /// What was drawn at random for pictures.
  ///
  /// @param first what the latents of the start picture are drawn with
  /// @param noise what the start picture is hidden in
  /// @param masked what the latents of the picture without its masked part are drawn with
  /// @param fill what stands under the mask if it is filled with noise
  /// @param steps the streams for the noise of the steps
  private record Draws(
      Tensor first, Tensor noise, Tensor masked, Tensor fill, List<NoiseStream> steps) {
    /// Those of each picture.
    static Draws of(
        List<NoiseRecipe> recipes, boolean whole, boolean masked, boolean filled, long... shape) {
      List<Draws> each =
          recipes.stream().map(recipe -> of(recipe, whole, masked, filled, shape)).toList();
      return new Draws(
          Tensor.concat(0, each.stream().map(Draws::first).toArray(Tensor[]::new)),
          Tensor.concat(0, each.stream().map(Draws::noise).toArray(Tensor[]::new)),
          Tensor.concat(0, each.stream().map(Draws::masked).toArray(Tensor[]::new)),
          Tensor.concat(0, each.stream().map(Draws::fill).toArray(Tensor[]::new)),
          each.stream().flatMap(one -> one.steps().stream()).toList());
    }

    /// As diffusers draws them.
    ///
    /// @param whole whether the latents of the whole start picture are needed
    private static Draws of(
        NoiseRecipe recipe, boolean whole, boolean masked, boolean filled, long... shape) {
      NoiseRecipe.Start drawn = recipe.startAfter(whole ? 1 : 0, shape);
      boolean stream = recipe.source() == NoiseSource.CPU && recipe.stepOffset() == 0;
      Tensor zeros = Tensor.full(0, shape);
      Tensor second = masked && stream ? drawn.steps().normal(shape) : zeros;
      Tensor first = whole ? drawn.earlier().getFirst() : zeros;
      Tensor fill = filled ? drawn.steps().normal(shape) : zeros;
      return new Draws(first, drawn.noise(), second, fill, List.of(drawn.steps()));
    }
  }

  /// Brings the picture and its mask to the size of `request`.
  static Redrawing of(StartPicture start, ImageRequest request) {
    return new Redrawing(start, Canvas.of(start, request.width(), request.height()));
  }

  /// How many of the `steps` asked for are left out.
  int skipped(int steps) {
    return start.skipped(steps);
  }

  /// Latents `[N, C, H, W]` with the noise of the last level of `leg`.
  ///
  /// @param recipes how the noise of each picture is drawn
  /// @param beside what the model sees beside them without the picture
  Tensor draw(Leg leg, List<NoiseRecipe> recipes, Beside beside, Run run) {
    Leg part = leg.from(skipped(leg.request().steps()));
    return canvas.mask().isPresent()
        ? partly(part, canvas.mask().get(), recipes, beside, run)
        : wholly(part, recipes, beside, run);
  }

  private Tensor wholly(Leg part, List<NoiseRecipe> recipes, Beside beside, Run run) {
    LoadedModel model = part.model();
    Draws draws = Draws.of(recipes, true, false, false, shape(model));
    Tensor clean = latents(model, canvas.picture().toFloats(), draws.first());
    Tensor first = part.sigmas().start(clean, draws.noise().to(model.device()));
    return run.take(part, first, beside, List.of(), StepNoise.each(draws.steps()));
  }

  private Tensor partly(
      Leg part, Picture pixels, List<NoiseRecipe> recipes, Beside beside, Run run) {
    LoadedModel model = part.model();
    long[] shape = shape(model);
    LatentMask mask = LatentMask.of(pixels, (int) shape[3], (int) shape[2]);
    boolean sees = model.task() == Task.INPAINT;
    boolean pure = start.strength() == 1; // begins with noise alone
    boolean blends = !sees || mask.isSoft();
    boolean whole = blends || !pure;
    boolean noisy = !pure && start.masking().fill() == MaskFill.NOISE;
    Draws draws = Draws.of(recipes, whole, true, noisy, shape);
    Sigmas sigmas = part.sigmas();
    Tensor noise = draws.noise().to(model.device());
    Tensor clean = whole ? latents(model, canvas.picture().toFloats(), draws.first()) : noise;
    Tensor first =
        pure ? sigmas.start(noise) : sigmas.start(filled(model, clean, pixels, mask, draws), noise);
    Beside seen = sees ? Beside.of(seen(model, pixels, mask, draws.masked())) : beside;
    StepNoise steps = StepNoise.each(draws.steps());
    if (!blends) {
      return run.take(part, first, seen, List.of(), steps);
    }
    Blending blending = new Blending(mask, clean, noise, sigmas, pure && !mask.isSoft());
    Tensor x = run.take(part, blending.begun(first), seen, List.of(blending::around), steps);
    return blending.ended(x, part.request().refinerAt().isPresent());
  }

  private long[] shape(LoadedModel model) {
    return model.latentShape(canvas.picture().width(), canvas.picture().height());
  }

  /// Takes the steps of `part` over `clean` latents `[N, C, H, W]` that were drawn before, at this
  /// size; what the mask keeps is the start picture's. The result has the noise of the last level.
  ///
  /// @param beside what the model sees beside them without the picture
  Tensor again(Leg part, Tensor clean, List<NoiseRecipe> recipes, Beside beside, Run run) {
    LoadedModel model = part.model();
    long[] shape = shape(model);
    Picture pixels = canvas.mask().orElseThrow();
    LatentMask mask = LatentMask.of(pixels, (int) shape[3], (int) shape[2]);
    List<NoiseRecipe.Start> drawn = recipes.stream().map(recipe -> recipe.start(shape)).toList();
    Tensor noise =
        Tensor.concat(0, drawn.stream().map(NoiseRecipe.Start::noise).toArray(Tensor[]::new))
            .to(model.device());
    StepNoise steps = StepNoise.each(drawn.stream().map(NoiseRecipe.Start::steps).toList());
    Tensor first = part.sigmas().start(clean, noise);
    Tensor none = Tensor.full(0, shape); // the most likely latents
    boolean sees = model.task() == Task.INPAINT;
    Beside seen = sees ? Beside.of(seen(model, pixels, mask, none)) : beside;
    if (sees && !mask.isSoft()) {
      return run.take(part, first, seen, List.of(), steps);
    }
    Tensor kept = latents(model, canvas.picture().toFloats(), none);
    Blending blending = new Blending(mask, kept, noise, part.sigmas(), false);
    Tensor x = run.take(part, blending.begun(first), seen, List.of(blending::around), steps);
    return blending.ended(x, part.request().refinerAt().isPresent());
  }

  /// Latents `[N, C, H, W]` of the same pixels, drawn with `noise` of each picture; `[1, C, H, W]`
  /// where there is only one way to encode them.
  private Tensor latents(LoadedModel model, float[] pixels, Tensor noise) {
    Tensor whole = Tensor.of(pixels, 1, 3, canvas.picture().height(), canvas.picture().width());
    return model.space().encode(whole.to(model.device()), noise.to(model.device()));
  }

  /// The latents to begin with: the clean ones, with the mask's filling under it.
  private Tensor filled(
      LoadedModel model, Tensor clean, Picture pixels, LatentMask mask, Draws draws) {
    Tensor shares = mask.shares().to(model.device());
    return switch (start.masking().fill()) {
      case ORIGINAL -> clean;
      case ZERO -> LatentMask.mixed(clean, clean.times(0), shares);
      case NOISE -> LatentMask.mixed(clean, draws.fill().to(model.device()), shares);
      case BLUR ->
          latents(model, Surroundings.spread(canvas.picture(), pixels).toFloats(), draws.first());
    };
  }

  /// What models made for inpainting see: the mask, and the latents of what is not masked.
  private Tensor seen(LoadedModel model, Picture pixels, LatentMask mask, Tensor noise) {
    float[] picture = canvas.picture().toFloats();
    float[] masked = pixels.toFloats();
    for (int i = 0; i < picture.length; i++) {
      picture[i] = masked[i] < 0 ? picture[i] : 0; // grey where it is redrawn
    }
    Tensor hidden = latents(model, picture, noise);
    Tensor where = mask.rounded().to(model.device());
    long[] shape = hidden.shape();
    return Tensor.concat(1, where.expand(shape[0], 1, shape[2], shape[3]), hidden);
  }

  /// Puts what is kept back into the latents.
  ///
  /// Under a mask without greys, before each estimate and at the end, as diffusers does. Where the
  /// mask is grey, an element that is kept before the next step must be in its place then, so the
  /// sampler is told that its estimate is the clean one: this takes it there, whatever the sampler.
  ///
  /// @param clean latents of the start picture
  /// @param noise that they are hidden in
  /// @param pure whether the first estimate is of noise alone
  private record Blending(
      LatentMask mask, Tensor clean, Tensor noise, Sigmas sigmas, boolean pure) {
    Tensor begun(Tensor x) {
      return pure ? x : mixed(noisy(sigmas.sigma(0)), x, 0);
    }

    Denoiser around(Denoiser inner) {
      return mask.isSoft() ? soft(inner) : sharp(inner);
    }

    private Denoiser sharp(Denoiser inner) {
      return (x, level) -> {
        boolean begins = pure && level.sigma() == sigmas.sigma(0);
        return inner.denoise(begins ? x : mixed(noisy(level.sigma()), x, 0), level);
      };
    }

    private Denoiser soft(Denoiser inner) {
      return (x, level) ->
          mixed(clean, inner.denoise(x, level), LatentMask.step(sigmas, level.sigma()) + 1);
    }

    /// @param goesOn whether another model takes more steps
    Tensor ended(Tensor x, boolean goesOn) {
      int steps = sigmas.steps();
      return mixed(goesOn ? noisy(sigmas.sigma(steps)) : sigmas.unfinished(clean), x, steps);
    }

    private Tensor mixed(Tensor kept, Tensor x, int step) {
      return LatentMask.mixed(kept, x, mask.redrawn(step, sigmas.steps()).like(x));
    }

    private Tensor noisy(double sigma) {
      return clean.plus(noise.times(sigma));
    }
  }
}
