package dev.latente.pipeline;

import dev.latente.sampling.Prediction;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.Schedule;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.AdditionEmbed;

/// How a model of its kind is usually sampled, for models whose makers give no advice.
///
/// @param steps sampler steps
/// @param guidance scale of classifier-free guidance, or of that built into the network
record UsualSampling(int steps, double guidance) {
  private static final int STEPS = 20;

  /// diffusers' `StableDiffusionPipeline`.
  private static final double GUIDANCE = 7.5;

  /// diffusers' `StableDiffusionXLPipeline`.
  private static final double XL_GUIDANCE = 5;

  /// diffusers' `LatentConsistencyModelPipeline`.
  private static final UsualSampling DISTILLED = new UsualSampling(4, 8.5);

  /// SD Turbo and SDXL Turbo take 1 to 4 steps without guidance: [Sauer et al.
  /// (2023)](https://arxiv.org/abs/2311.17042).
  private static final UsualSampling TURBO = new UsualSampling(4, 1);

  /// The latents' side of SD Turbo and SDXL Turbo; the models they were made of have more.
  private static final int TURBO_SIDE = 64;

  /// Guidance that is built into the weights takes none from outside.
  private static final double NO_GUIDANCE = 1;

  /// How the model called `name` is usually sampled.
  static UsualSampling of(UNetConfig unet, SchedulerConfig scheduler, String name) {
    if (unet.timeCondProjDim().isPresent()) {
      return DISTILLED;
    }
    boolean distilled =
        scheduler.sampler() == SamplerKind.LCM || scheduler.sampler() == SamplerKind.TCD;
    if (distilled || FewSteps.named(name).isPresent()) {
      return new UsualSampling(FewSteps.steps(name), NO_GUIDANCE);
    }
    if (isTurbo(unet, scheduler)) {
      return TURBO;
    }
    return switch (unet.additionEmbed()) {
      case AdditionEmbed.None _, AdditionEmbed.Picture _ -> new UsualSampling(STEPS, GUIDANCE);
      case AdditionEmbed.TextTime _ -> new UsualSampling(STEPS, XL_GUIDANCE);
    };
  }

  /// Only their schedulers tell them from the models they were made of.
  private static boolean isTurbo(UNetConfig unet, SchedulerConfig scheduler) {
    SamplerKind sampler = scheduler.sampler();
    return unet.sampleSize() == TURBO_SIDE
        && (sampler == SamplerKind.EULER || sampler == SamplerKind.EULER_A)
        && scheduler.schedule() == Schedule.TRAILING
        && scheduler.prediction() == Prediction.EPSILON;
  }
}
