package dev.latente.pipeline;

import dev.latente.pipeline.PromptEncoder.Context;
import dev.latente.prompt.Pass;
import dev.latente.sampling.StepNoise;
import dev.latente.tensor.NoiseRecipe;
import dev.latente.tensor.NoiseStream;
import dev.latente.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// The second pass over enlarged pictures: see [HiresOptions].
///
/// The noise is that of the seed at the larger size, drawn anew, as in A1111's web UI. What guides
/// the model is brought to the larger size from where it came, not enlarged.
///
/// @param leg the steps that are taken, at the larger size
/// @param redrawing the start picture and its mask at the larger size: what the mask keeps is the
///   start picture's
record SecondPass(Leg leg, HiresOptions options, Optional<Redrawing> redrawing) {
  /// Checks that `model` can take it, before any work.
  static Optional<SecondPass> of(LoadedModel model, ImageRequest request) {
    if (request.hires().isEmpty()) {
      return Optional.empty();
    }
    if (request.refinerAt().isPresent()) {
      throw new IllegalArgumentException(
          "a second, larger pass takes no refiner: one goes on at "
              + request.refinerAt().getAsDouble());
    }
    HiresOptions options = request.hires().get();
    ImageRequest larger = options.second(request);
    model.latentShape(larger.width(), larger.height()); // refuses sizes that do not fit
    Leg whole = Leg.whole(model, larger);
    int taken = Math.min(options.taken(request.steps()), whole.sigmas().steps());
    return Optional.of(
        new SecondPass(
            whole.from(whole.sigmas().steps() - taken),
            options,
            request
                .start()
                .filter(start -> start.isPartial() && !Beside.changes(model))
                .map(start -> Redrawing.of(start, larger))));
  }

  /// How many steps it takes.
  int steps() {
    return leg.sigmas().steps();
  }

  /// The request at the larger size.
  ImageRequest request() {
    return leg.request();
  }

  /// What the network is asked in this pass: steps in a prompt count on from those of the first,
  /// fractions begin at 1.
  Context encode(int firstSteps) {
    LoadedModel model = leg.model();
    Context told = model.encode(request(), Pass.hires(firstSteps, steps()));
    return told.after(leg.sigmas().earlier());
  }

  /// Latents `[N, C, H, W]` of the larger pictures.
  ///
  /// @param latents those of the first pass, without noise, `[N, C, h, w]`
  /// @param recipes how each picture's noise is drawn
  /// @param beside what the model sees beside the latents
  Tensor draw(Tensor latents, List<NoiseRecipe> recipes, Beside beside, Redrawing.Run run) {
    LoadedModel model = leg.model();
    int width = request().width();
    int height = request().height();
    Tensor clean = options.upscaler().enlarge(model.space(), latents, width, height);
    if (redrawing.isPresent()) {
      return leg.sigmas().finish(redrawing.get().again(leg, clean, recipes, beside, run));
    }
    long[] shape = model.latentShape(width, height);
    List<NoiseRecipe.Start> drawn = recipes.stream().map(recipe -> recipe.start(shape)).toList();
    Tensor[] noises = drawn.stream().map(NoiseRecipe.Start::noise).toArray(Tensor[]::new);
    List<NoiseStream> streams = drawn.stream().map(NoiseRecipe.Start::steps).toList();
    Tensor noise = Tensor.concat(0, noises).to(model.device());
    Tensor first = leg.sigmas().start(clean, noise);
    StepNoise steps = StepNoise.each(streams);
    return leg.sigmas().finish(run.take(leg, first, beside, List.of(), steps));
  }
}
