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
/// A refiner goes on in this pass alone, as A1111 has it unless told otherwise: what it knows, fine
/// detail, would be drawn over after a first one.
///
/// @param whole all steps of the schedule, at the larger size
/// @param first the step that it begins with
/// @param end the step that a refiner begins with, or their number; `first` if the refiner takes
///   all
/// @param redrawing the start picture and its mask at the larger size: what the mask keeps is the
///   start picture's
record SecondPass(
    Leg whole, int first, int end, HiresOptions options, Optional<Redrawing> redrawing) {
  /// Checks that `model` can take it, before any work.
  static Optional<SecondPass> of(LoadedModel model, ImageRequest request) {
    if (request.hires().isEmpty()) {
      return Optional.empty();
    }
    HiresOptions options = request.hires().get();
    ImageRequest larger = options.second(request);
    model.latentShape(larger.width(), larger.height()); // refuses sizes that do not fit
    Leg whole = Leg.whole(model, larger);
    int all = whole.sigmas().steps();
    int first = all - Math.min(options.taken(request.steps()), all);
    return Optional.of(
        new SecondPass(
            whole,
            first,
            request.refinerAt().isPresent() ? Math.max(first, whole.handOver()) : all,
            options,
            request
                .start()
                .filter(start -> start.isPartial() && !Beside.changes(model))
                .map(start -> Redrawing.of(start, larger))));
  }

  /// How many steps it takes, a refiner's with them.
  int steps() {
    return whole.sigmas().steps() - first;
  }

  /// The request at the larger size.
  ImageRequest request() {
    return whole.request();
  }

  /// What the network of `model` is asked in this pass: steps in a prompt count on from those of
  /// the first, fractions begin at 1.
  Context encode(LoadedModel model, int firstSteps) {
    return model.encode(request(), Pass.hires(firstSteps, steps())).after(first);
  }

  /// The steps that are left to `refiner`.
  Leg rest(LoadedModel refiner) {
    Leg all = Leg.whole(refiner, request());
    return all.from(Math.max(first, all.handOver()));
  }

  /// The latents of the larger pictures without noise, of `x` `[N, C, H, W]` at the last level.
  Tensor finish(Tensor x) {
    return whole.sigmas().finish(x);
  }

  /// Latents `[N, C, H, W]` of the larger pictures, with the noise of the level that the model ends
  /// at.
  ///
  /// @param latents those of the first pass, without noise, `[N, C, h, w]`
  /// @param recipes how each picture's noise is drawn
  /// @param beside what the model sees beside the latents
  Tensor draw(Tensor latents, List<NoiseRecipe> recipes, Beside beside, Redrawing.Run run) {
    LoadedModel model = whole.model();
    int width = request().width();
    int height = request().height();
    Tensor clean = options.upscaler().enlarge(model.space(), latents, width, height);
    if (redrawing.isPresent() && end > first) {
      return redrawing.get().again(part(), clean, recipes, beside, run);
    }
    long[] shape = model.latentShape(width, height);
    List<NoiseRecipe.Start> drawn = recipes.stream().map(recipe -> recipe.start(shape)).toList();
    Tensor[] noises = drawn.stream().map(NoiseRecipe.Start::noise).toArray(Tensor[]::new);
    List<NoiseStream> streams = drawn.stream().map(NoiseRecipe.Start::steps).toList();
    Tensor noise = Tensor.concat(0, noises).to(model.device());
    Tensor begun = whole.from(first).sigmas().start(clean, noise);
    return end == first
        ? begun
        : run.take(part(), begun, beside, List.of(), StepNoise.each(streams));
  }

  /// The model's own steps.
  private Leg part() {
    return whole.until(end).from(first);
  }
}
