package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.pipeline.PromptEncoder.Context;
import dev.latente.sampling.Denoiser;
import dev.latente.sampling.Guidance;
import dev.latente.sampling.NoisePredictor;
import dev.latente.sampling.Sampler;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.sampling.Sigmas;
import dev.latente.sampling.StepListener;
import dev.latente.sampling.StepNoise;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.function.Consumer;

/// One request on its way through a model. For one thread, inside an open scope.
final class Generation {
  private final LoadedModel model;
  private final ImageRequest request;
  private final ProgressListener listener;
  private final SchedulerConfig scheduler;
  private final Sigmas sigmas;
  private final long[] shape;

  /// Checks that the model can do what `request` asks, before any work.
  Generation(LoadedModel model, ImageRequest request, ProgressListener listener) {
    this.model = model;
    this.request = request;
    this.listener = listener;
    this.scheduler = scheduler(model.scheduler(), request);
    this.sigmas = scheduler.sigmas(request.steps());
    this.shape = model.latentShape(request.width(), request.height());
  }

  /// The model's own scheduler, changed as diffusers' `from_config` would.
  private static SchedulerConfig scheduler(SchedulerConfig own, ImageRequest request) {
    SamplerKind kind = request.sampler().orElse(own.sampler());
    SchedulerConfig config = own.withSampler(kind);
    return request.schedule().map(config::withSchedule).orElse(config);
  }

  void run(Consumer<GeneratedImage> pictures) {
    Stopwatch watch = new Stopwatch();
    Context context = model.encode(request);
    double text = watch.lap();
    for (int i = 0; i < request.count(); i++) {
      GeneratedImage picture;
      try (Scope _ = Scope.open()) {
        picture = draw(i, context, text);
      }
      pictures.accept(picture);
    }
  }

  private GeneratedImage draw(int index, Context context, double text) {
    long seed = request.seed() + index;
    Stopwatch watch = new Stopwatch();
    Tensor latents = denoise(index, seed, context);
    double denoise = watch.lap();
    Picture picture = decode(latents);
    double decode = watch.lap();
    return new GeneratedImage(
        picture,
        request.toBuilder().seed(seed).count(1).build(),
        model.name(),
        scheduler.sampler(),
        scheduler.schedule(),
        context.cut(),
        context.negativeCut(),
        new StageSeconds(text, denoise, decode));
  }

  /// Clean latents `[1, C, H, W]`.
  private Tensor denoise(int index, long seed, Context context) {
    RandomNoise stream = RandomNoise.seeded(seed); // draws the first noise and that of the steps
    Tensor noise = stream.normal(shape).to(model.device());
    Guidance guidance = Guidance.of(model.guidance(request));
    StepClock clock = new StepClock(0);
    NoisePredictor guided =
        (x, timestep) -> context.at(clock.step()).ask(model::predict, x, timestep, guidance);
    Denoiser denoiser = scheduler.prediction().denoiser(guided);
    Sampler sampler = scheduler.newSampler();
    return sampler.generate(
        denoiser, noise, sigmas, StepNoise.of(stream), clock.around(steps(index)));
  }

  private StepListener steps(int index) {
    return (step, steps, denoised) ->
        listener.onStep(
            new Progress(index + 1, request.count(), step, steps, () -> decode(denoised)));
  }

  private Picture decode(Tensor latents) {
    try (Scope _ = Scope.open()) {
      float[] pixels = model.space().decode(latents).toFloatArray(); // [1, 3, H, W]
      return Picture.ofFloats(request.width(), request.height(), pixels);
    }
  }
}
