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
import java.util.stream.Stream;

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
  private final Optional<Redrawing> redrawing;
  private final Optional<SecondPass> second;

  /// What a model is told and guided by.
  private record Told(Context context, Guides guides) {}

  /// What a model is told and guided by in each pass.
  ///
  /// @param seconds that it took to encode it
  private record Passes(Told first, Optional<Told> second, double seconds) {}

  /// Pictures that a refiner will go on with.
  ///
  /// @param x latents `[N, C, H, W]` with the noise of the level that the first leg ended at
  /// @param context what the first model was told
  /// @param seconds spent so far for each picture
  private record Begun(PictureBatch batch, Tensor x, Context context, StageSeconds seconds) {}

  /// Checks that the model can do what `request` asks, before any work.
  Generation(LoadedModel model, ImageRequest request, ProgressListener listener) {
    this.model = model;
    this.request = request;
    this.listener = listener;
    Beside.require(model, request);
    Leg whole = Leg.whole(model, request);
    boolean handsOver = request.refinerAt().isPresent() && request.hires().isEmpty();
    this.leg = handsOver ? whole.until(whole.handOver()) : whole;
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
    Passes told = encoded();
    for (PictureBatch batch : PictureBatch.of(request)) {
      List<GeneratedImage> images;
      try (Scope _ = Scope.open()) {
        images = draw(batch, told);
      }
      images.forEach(pictures);
    }
  }

  private Passes encoded() {
    Stopwatch watch = new Stopwatch();
    References references = References.of(request);
    Told told = told(request, references.addedTo(model.encode(request)));
    Optional<Told> larger =
        second.map(
            pass -> told(pass.request(), references.addedTo(pass.encode(model, request.steps()))));
    model.rest();
    listener.onEncoded();
    return new Passes(told, larger, watch.lap());
  }

  private Told told(ImageRequest sized, Context context) {
    return new Told(context, Guides.of(model, sized));
  }

  private List<GeneratedImage> draw(PictureBatch batch, Passes told) {
    Stopwatch watch = new Stopwatch();
    Tensor x = denoise(batch, told);
    Tensor latents = second.map(pass -> pass.finish(x)).orElseGet(() -> leg.sigmas().finish(x));
    StageSeconds spent = new StageSeconds(told.seconds(), watch.lap() / batch.size(), 0);
    model.rest();
    Begun drawn = new Begun(batch, latents, told.first().context(), spent);
    List<GeneratedImage> images = images(drawn, leg, Optional.empty());
    model.rest();
    return images;
  }

  /// Takes the first model's steps of all pictures; it is not needed after.
  void begin() {
    Passes told = encoded();
    Stopwatch watch = new Stopwatch();
    for (PictureBatch batch : PictureBatch.of(request)) {
      Tensor x = Scope.tidy(() -> denoise(batch, told));
      StageSeconds spent = new StageSeconds(told.seconds(), watch.lap() / batch.size(), 0);
      begun.add(new Begun(batch, x, told.first().context(), spent));
    }
  }

  /// Takes the rest of the steps with `refiner`, and decodes the pictures.
  void refine(LoadedModel refiner, Consumer<GeneratedImage> pictures) {
    if (!refiner.space().agreesWith(model.space())) {
      throw new IllegalArgumentException(
          "the refiner '%s' cannot go on with the latents of '%s': its autoencoder is of another family"
              .formatted(refiner.name(), model.name()));
    }
    Leg rest = second.map(pass -> pass.rest(refiner)).orElseGet(() -> rest(refiner));
    Stopwatch watch = new Stopwatch();
    Context context =
        second
            .map(pass -> pass.encode(refiner, request.steps()))
            .orElseGet(() -> refiner.encode(request));
    double text = watch.lap();
    for (Begun first : begun) {
      List<GeneratedImage> images;
      try (Scope _ = Scope.open()) {
        images = finish(first, rest, context, text);
      }
      images.forEach(pictures);
    }
  }

  private Leg rest(LoadedModel refiner) {
    Leg whole = Leg.whole(refiner, request);
    return whole.from(whole.handOver());
  }

  private List<GeneratedImage> finish(Begun first, Leg rest, Context context, double text) {
    PictureBatch batch = first.batch();
    Stopwatch watch = new Stopwatch();
    StepNoise noise =
        StepNoise.each(
            batch.requests().stream()
                .map(own -> own.noise().source().seeded(own.seed() + own.noise().stepOffset()))
                .toList());
    int before = steps - rest.sigmas().steps();
    Tensor x =
        rest.run(first.x(), context, Guides.NONE, List.of(), noise, steps(batch, rest, before));
    StageSeconds spent =
        new StageSeconds(
            first.seconds().text() + text,
            first.seconds().denoise() + watch.lap() / batch.size(),
            0);
    Begun drawn = new Begun(batch, rest.sigmas().finish(x), first.context(), spent);
    return images(drawn, rest, Optional.of(rest.model().name()));
  }

  /// The pictures of latents without noise.
  private List<GeneratedImage> images(Begun drawn, Leg last, Optional<String> refiner) {
    Stopwatch watch = new Stopwatch();
    List<Picture> pictures = decode(last.model(), drawn.x());
    StageSeconds seconds =
        new StageSeconds(
            drawn.seconds().text(), drawn.seconds().denoise(), watch.lap() / pictures.size());
    List<GeneratedImage> images = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      ImageRequest own = drawn.batch().requests().get(i);
      images.add(image(own, pictures.get(i), last, refiner, drawn.context(), seconds));
    }
    return images;
  }

  private GeneratedImage image(
      ImageRequest own,
      Picture picture,
      Leg last,
      Optional<String> refiner,
      Context context,
      StageSeconds seconds) {
    boolean flagged =
        last.model().checker().map(checker -> checker.look(picture).flagged()).orElse(false);
    return new GeneratedImage(
        flagged ? Picture.black(picture.width(), picture.height()) : marked(picture),
        own,
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

  /// Latents `[N, C, H, W]` after all of the model's steps, with the noise of the level they end
  /// at.
  private Tensor denoise(PictureBatch batch, Passes told) {
    Tensor x = smaller(batch, told.first());
    return told.second().map(again -> larger(batch, again, leg.sigmas().finish(x))).orElse(x);
  }

  /// Those of the only pass, or of the first.
  private Tensor smaller(PictureBatch batch, Told told) {
    List<NoiseRecipe> recipes = batch.recipes(model.space().downscale());
    Beside beside = told.guides().beside();
    Redrawing.Run run = run(batch, told, 0);
    return redrawing.isPresent()
        ? redrawing.get().draw(leg, recipes, beside, run)
        : draw(recipes, beside, run);
  }

  private Tensor draw(List<NoiseRecipe> recipes, Beside beside, Redrawing.Run run) {
    List<NoiseRecipe.Start> drawn = recipes.stream().map(recipe -> recipe.start(shape)).toList();
    Tensor[] first = drawn.stream().map(NoiseRecipe.Start::noise).toArray(Tensor[]::new);
    Tensor noise = Tensor.concat(0, first).to(model.device());
    StepNoise steps = StepNoise.each(drawn.stream().map(NoiseRecipe.Start::steps).toList());
    return run.take(leg, leg.sigmas().start(noise), beside, List.of(), steps);
  }

  /// Those after the second pass over `latents` without noise.
  private Tensor larger(PictureBatch batch, Told told, Tensor latents) {
    SecondPass pass = second.orElseThrow();
    List<NoiseRecipe> recipes = batch.recipes(model.space().downscale());
    Beside beside = told.guides().beside();
    return pass.draw(latents, recipes, beside, run(batch, told, steps - pass.steps()));
  }

  /// @param before the steps of a picture before these
  private Redrawing.Run run(PictureBatch batch, Told told, int before) {
    List<NoiseRecipe> recipes = batch.recipes(model.space().downscale());
    return (part, x, beside, around, noise) ->
        part.run(
            x,
            told.context(),
            told.guides().with(beside).begin(recipes),
            around,
            noise,
            steps(batch, part, before));
  }

  /// @param before the steps of a picture before those of the leg
  private StepListener steps(PictureBatch batch, Leg current, int before) {
    return (step, _, denoised) -> {
      taken += batch.size();
      listener.onStep(
          new Progress(
              batch.first() + 1,
              batch.size(),
              request.count(),
              before + step,
              steps,
              taken,
              () -> previews(current.model(), denoised)));
    };
  }

  private List<Picture> previews(LoadedModel by, Tensor latents) {
    try (Scope _ = Scope.open()) {
      return pictures(by.space().preview(latents)).stream()
          .map(small -> small.resized(request.width(), request.height(), Resampling.BICUBIC))
          .toList();
    }
  }

  private static List<Picture> decode(LoadedModel by, Tensor latents) {
    try (Scope _ = Scope.open()) {
      return pictures(by.space().decode(latents));
    }
  }

  /// Of pixels `[N, 3, H, W]`.
  private static List<Picture> pictures(Tensor pixels) {
    int width = Math.toIntExact(pixels.size(3));
    int height = Math.toIntExact(pixels.size(2));
    return Stream.of(pixels.chunk((int) pixels.size(0), 0))
        .map(one -> Picture.ofFloats(width, height, one.toFloatArray()))
        .toList();
  }
}
