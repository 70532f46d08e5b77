package dev.latente.pipeline;

import dev.latente.nn.WeightSource;
import dev.latente.pipeline.PromptEncoder.Context;
import dev.latente.sampling.Denoiser;
import dev.latente.sampling.Guidance;
import dev.latente.sampling.NoisePredictor;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.sampling.Sigmas;
import dev.latente.sampling.StepListener;
import dev.latente.sampling.StepNoise;
import dev.latente.tensor.Tensor;
import dev.latente.tensor.TensorReuse;
import dev.latente.unet.TextMemory;
import java.util.List;
import java.util.function.UnaryOperator;

/// One model's share of the steps of a run.
///
/// @param request of the pictures
/// @param scheduler the model's own, changed as the request says
/// @param sigmas the noise levels of its steps
record Leg(LoadedModel model, ImageRequest request, SchedulerConfig scheduler, Sigmas sigmas) {
  // Laying weights out takes as long as four or five steps save.
  private static final int MANY_STEPS = 8;

  /// A run of all steps with one model.
  ///
  /// @throws IllegalArgumentException if the model cannot be sampled so
  static Leg whole(LoadedModel model, ImageRequest request) {
    SchedulerConfig scheduler = scheduler(model.scheduler(), request);
    return new Leg(model, request, scheduler, scheduler.sigmas(request.steps()));
  }

  /// The model's own scheduler, changed as diffusers' `from_config` would.
  private static SchedulerConfig scheduler(SchedulerConfig own, ImageRequest request) {
    SamplerKind kind = request.sampler().orElse(own.sampler());
    SchedulerConfig config = request.sampling().changed(own.withSampler(kind));
    return request.schedule().map(config::withSchedule).orElse(config);
  }

  /// The same with the steps from `first` on.
  Leg from(int first) {
    return first == 0 ? this : new Leg(model, request, scheduler, sigmas.from(first));
  }

  /// The same with the steps up to and without `end`.
  Leg until(int end) {
    return end == sigmas.steps() ? this : new Leg(model, request, scheduler, sigmas.until(end));
  }

  /// The step, counted from 0, from which a refiner goes on: the first that lies in its share of
  /// the timesteps, as diffusers' `denoising_end` and `denoising_start` have it.
  ///
  /// @throws IllegalArgumentException if one of both models is left without a step
  int handOver() {
    int all = scheduler.noiseSchedule().steps();
    double at = request.refinerAt().orElseThrow();
    double cutoff = Math.rint(all - at * all); // ties to even, as Python's round
    int first = 0;
    while (first < sigmas.steps() && sigmas.at(first).timestep() >= cutoff) {
      first++;
    }
    if (first == 0 || first == sigmas.steps()) {
      throw new IllegalArgumentException(
          "a hand-over at %s leaves the %s none of %d steps"
              .formatted(at, first == 0 ? "model" : "refiner", sigmas.steps()));
    }
    return first;
  }

  /// Takes the steps.
  ///
  /// @param x latents `[N, C, H, W]` with the noise of the first level
  /// @param told what the model was told of the prompts
  /// @param guides what guides it beside them
  /// @param around wrappers of the denoiser, the innermost first: what happens to each estimate
  /// @return latents with the noise of the last level
  Tensor run(
      Tensor x,
      Context told,
      Guides guides,
      List<UnaryOperator<Denoiser>> around,
      StepNoise noise,
      StepListener listener) {
    StepClock clock = new StepClock(sigmas.earlier());
    try (StepCache cache = new StepCache(request.sampling().shortcuts().cacheInterval());
        TextMemory memory = new TextMemory();
        TensorReuse _ = TensorReuse.open();
        WeightSource.Often _ = sigmas.steps() < MANY_STEPS ? () -> {} : model.often()) {
      NoisePredictor network = guided(told, guides, clock, cache, memory);
      Denoiser denoiser = guides.sharing().toned(scheduler.prediction().denoiser(network));
      for (UnaryOperator<Denoiser> wrapper : around) {
        denoiser = wrapper.apply(denoiser);
      }
      return scheduler.newSampler().sample(denoiser, x, sigmas, noise, clock.around(listener));
    }
  }

  private NoisePredictor guided(
      Context told, Guides guides, StepClock clock, StepCache cache, TextMemory memory) {
    Controls.During now =
        new Controls.During(guides.controls(), clock, sigmas.earlier(), sigmas.steps());
    Question.Network network =
        (x, timestep, row, without) ->
            model.predict(x, timestep, row.withMemory(memory), without, now, cache);
    Question.Network alone =
        (x, timestep, row, _) -> model.predict(x, timestep, row.withReferences(List.of()), cache);
    Question.Network shared = guides.sharing().around(network, alone, this);
    Question.Network sharing = guides.variation().around(shared, model);
    Guidance guidance = new Guidance(model.guidance(request), request.sampling().guidanceRescale());
    Question.Network seeing = guides.beside().seenBy(sharing, guidance.scale());
    Question.Network unguided = guides.beside().seenBy(sharing, 1);
    GuidanceInterval guiding = request.sampling().shortcuts().guidance();
    return (x, timestep) -> {
      Question question = told.at(clock.step());
      boolean guided = guiding.holdsAt(clock.step(), sigmas.wholeRun());
      cache.begin(question, guided, now.acting(), timestep);
      return guided
          ? question.ask(seeing, x, timestep, guidance)
          : question.askUnguided(unguided, x, timestep);
    };
  }
}
