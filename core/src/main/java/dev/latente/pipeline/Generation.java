package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.image.Resampling;
import dev.latente.image.Watermark;
import dev.latente.pipeline.PromptEncoder.Context;
import dev.latente.sampling.StepListener;
import dev.latente.sampling.StepNoise;
import dev.latente.tensor.NoiseRecipe;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// One request on its way through a model: noise, a denoiser with what is wrapped around it, a
/// sampler, the decoder. For one thread, inside an open scope.
final class Generation {
  private final LoadedModel model;
  private final ImageRequest request;
  private final ProgressListener listener;
  private final Leg leg;
  private final long[] shape;
  private final List<Begun> begun = new ArrayList<>();
  private final int steps; // of a picture
  private long taken; // steps of all pictures
  private Guides guides = Guides.NONE;
  private final Optional<Redrawing> redrawing;
  private final Optional<SecondPass> second;
  private Optional<Told> larger = Optional.empty();

  /// What a model is told and guided by.
  private record Told(Context context, Guides guides) {}

  /// A picture that a refiner will go on with.
  ///
  /// @param x latents `[1, C, H, W]` with the noise of the level that the first leg ended at
  /// @param context what the first model was told
  /// @param seconds spent so far
  private record Begun(Tensor x, Context context, StageSeconds seconds) {}

  /// Checks that the model can do what `request` asks, before any work.
  Generation(LoadedModel model, ImageRequest request, ProgressListener listener) {
    this.model = model;
    this.request = request;
    this.listener = listener;
    Beside.require(model, request);
    Leg whole = Leg.whole(model, request);
    this.leg = request.refinerAt().isPresent() ? whole.until(whole.handOver()) : whole;
    this.redrawing =
        request
            .start()
            .filter(_ -> !Beside.changes(model)) // then it is seen, not drawn over
            .map(start -> Redrawing.of(start, request));
    int skipped = redrawing.map(picture -> picture.skipped(request.steps())).orElse(0);
    this.second = SecondPass.of(model, request);
    this.steps = whole.sigmas().steps() - skipped + second.map(SecondPass::steps).orElse(0);
    this.shape = model.latentShape(request.width(), request.height());
  }

  /// Draws the pictures with the model alone.
  void run(Consumer<GeneratedImage> pictures) {
    Stopwatch watch = new Stopwatch();
    Context context = model.encode(request);
    guides = Guides.of(model, request, context);
    larger =
        second.map(
            pass -> new Told(pass.encode(request.steps()), guides.resized(model, pass.request())));
    listener.onEncoded();
    double text = watch.lap();
    for (int i = 0; i < request.count(); i++) {
      GeneratedImage image;
      try (Scope _ = Scope.open()) {
        image = draw(i, context, text);
      }
      pictures.accept(image);
    }
  }

  private GeneratedImage draw(int index, Context context, double text) {
    Stopwatch watch = new Stopwatch();
    Tensor latents = larger(index, leg.sigmas().finish(denoise(index, context)));
    double denoise = watch.lap();
    Picture picture = decode(model, latents);
    StageSeconds seconds = new StageSeconds(text, denoise, watch.lap());
    return image(index, picture, leg, Optional.empty(), context, seconds);
  }

  /// Takes the first model's steps of all pictures; it is not needed after.
  void begin() {
    Stopwatch watch = new Stopwatch();
    Context context = model.encode(request);
    guides = Guides.of(model, request, context);
    listener.onEncoded();
    double text = watch.lap();
    for (int i = 0; i < request.count(); i++) {
      int index = i;
      Tensor x = Scope.tidy(() -> denoise(index, context));
      begun.add(new Begun(x, context, new StageSeconds(text, watch.lap(), 0)));
    }
  }

  /// Takes the rest of the steps with `refiner`, and decodes the pictures.
  void refine(LoadedModel refiner, Consumer<GeneratedImage> pictures) {
    Leg whole = Leg.whole(refiner, request);
    Leg rest = whole.from(whole.handOver());
    Stopwatch watch = new Stopwatch();
    Context context = refiner.encode(request);
    double text = watch.lap();
    for (int i = 0; i < begun.size(); i++) {
      GeneratedImage image;
      try (Scope _ = Scope.open()) {
        image = finish(i, rest, context, text);
      }
      pictures.accept(image);
    }
  }

  private GeneratedImage finish(int index, Leg rest, Context context, double text) {
    Begun first = begun.get(index);
    ImageRequest own = request.picture(index);
    Stopwatch watch = new Stopwatch();
    StepNoise noise =
        StepNoise.of(own.noise().source().seeded(own.seed() + own.noise().stepOffset()));
    Tensor x =
        rest.run(first.x(), context, Guides.NONE, List.of(), noise, steps(index, rest, true));
    Tensor latents = rest.sigmas().finish(x);
    double denoise = watch.lap();
    Picture picture = decode(rest.model(), latents);
    StageSeconds seconds =
        new StageSeconds(
            first.seconds().text() + text, first.seconds().denoise() + denoise, watch.lap());
    return image(index, picture, rest, Optional.of(rest.model().name()), first.context(), seconds);
  }

  private GeneratedImage image(
      int index,
      Picture picture,
      Leg last,
      Optional<String> refiner,
      Context context,
      StageSeconds seconds) {
    boolean flagged =
        last.model().checker().map(checker -> checker.look(picture).flagged()).orElse(false);
    return new GeneratedImage(
        flagged ? Picture.black(picture.width(), picture.height()) : marked(picture),
        request.picture(index),
        model.name(),
        refiner,
        last.scheduler().sampler(),
        last.scheduler().schedule(),
        context.cut(),
        context.negativeCut(),
        context.words(),
        flagged,
        seconds,
        List.of());
  }

  /// With the mark, which does not reach what a mask keeps as it was.
  private Picture marked(Picture picture) {
    UnaryOperator<Picture> mark =
        request.watermark() ? Watermark.LATENTE::mark : UnaryOperator.identity();
    Optional<Redrawing> start = second.map(SecondPass::redrawing).orElse(redrawing);
    return start
        .map(begun -> begun.canvas().pasted(picture, mark))
        .orElseGet(() -> mark.apply(picture));
  }

  /// Latents `[1, C, H, W]` with the noise of the last level of the leg.
  private Tensor denoise(int index, Context context) {
    ImageRequest own = request.picture(index);
    NoiseRecipe recipe = own.noise().recipe(own.seed(), model.space().downscale());
    return redrawing.isPresent()
        ? redrawing.get().draw(leg, recipe, guides.beside(), run(index, context))
        : draw(recipe, run(index, context));
  }

  private Tensor draw(NoiseRecipe recipe, Redrawing.Run run) {
    NoiseRecipe.Start drawn = recipe.start(shape);
    Tensor noise = drawn.noise().to(model.device());
    return run.take(
        leg, leg.sigmas().start(noise), guides.beside(), List.of(), StepNoise.of(drawn.steps()));
  }

  /// The latents after the second pass, if there is one.
  private Tensor larger(int index, Tensor latents) {
    if (second.isEmpty()) {
      return latents;
    }
    ImageRequest own = request.picture(index);
    NoiseRecipe recipe = own.noise().recipe(own.seed(), model.space().downscale());
    Told told = larger.orElseThrow();
    return second
        .get()
        .draw(
            latents,
            List.of(recipe),
            told.guides().beside(),
            (part, x, beside, around, noise) ->
                part.run(
                    x,
                    told.context(),
                    told.guides().with(beside).begin(List.of(recipe)),
                    around,
                    noise,
                    steps(index, part, true)));
  }

  private Redrawing.Run run(int index, Context context) {
    ImageRequest own = request.picture(index);
    NoiseRecipe recipe = own.noise().recipe(own.seed(), model.space().downscale());
    return (part, x, beside, around, noise) ->
        part.run(
            x,
            context,
            guides.with(beside).begin(List.of(recipe)),
            around,
            noise,
            steps(index, part, false));
  }

  /// @param last whether no steps come after those of the leg
  private StepListener steps(int index, Leg current, boolean last) {
    int before = last ? steps - current.sigmas().steps() : 0;
    return (step, _, denoised) ->
        listener.onStep(
            new Progress(
                index + 1,
                request.count(),
                before + step,
                steps,
                ++taken,
                () -> preview(current.model(), denoised)));
  }

  private Picture preview(LoadedModel by, Tensor latents) {
    try (Scope _ = Scope.open()) {
      Tensor pixels = by.space().preview(latents.slice(0, 0, 1)); // [1, 3, h, w]
      int width = Math.toIntExact(pixels.size(3));
      int height = Math.toIntExact(pixels.size(2));
      Picture small = Picture.ofFloats(width, height, pixels.toFloatArray());
      return small.resized(request.width(), request.height(), Resampling.BICUBIC);
    }
  }

  private Picture decode(LoadedModel by, Tensor latents) {
    try (Scope _ = Scope.open()) {
      Tensor pixels = by.space().decode(latents); // [1, 3, H, W]
      int width = Math.toIntExact(pixels.size(3));
      int height = Math.toIntExact(pixels.size(2));
      return Picture.ofFloats(width, height, pixels.toFloatArray());
    }
  }
}
