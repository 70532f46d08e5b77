package dev.latente.model;

import dev.latente.sampling.SchedulerConfig;
import dev.latente.sampling.SchedulerConfig.BetaSchedule;
import dev.latente.sampling.SchedulerConfig.PredictionType;
import dev.latente.sampling.SchedulerConfig.SigmaSpacing;
import dev.latente.sampling.SchedulerConfig.TimestepSpacing;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `scheduler/scheduler_config.json` of a diffusers folder.
final class SchedulerJson {
  /// What a scheduler class of diffusers has where its file says nothing.
  private record Defaults(
      double betaStart,
      double betaEnd,
      BetaSchedule betaSchedule,
      TimestepSpacing spacing,
      boolean setAlphaToOne,
      boolean clipSample,
      String algorithmType) {}

  private static final String SOLVER = "dpmsolver++";

  private static final Defaults OTHERS =
      new Defaults(
          0.0001, 0.02, BetaSchedule.LINEAR, TimestepSpacing.LINSPACE, false, false, SOLVER);
  private static final Defaults K_DIFFUSION =
      new Defaults(
          0.00085, 0.012, BetaSchedule.LINEAR, TimestepSpacing.LINSPACE, false, false, SOLVER);
  private static final Defaults DISTILLED =
      new Defaults(
          0.00085, 0.012, BetaSchedule.SCALED_LINEAR, TimestepSpacing.LEADING, true, false, SOLVER);

  /// Defaults of the classes of diffusers' `schedulers/`, where they are not [#OTHERS].
  private static final Map<String, Defaults> DEFAULTS =
      Map.of(
          "DDIMScheduler",
          new Defaults(
              0.0001, 0.02, BetaSchedule.LINEAR, TimestepSpacing.LEADING, true, true, SOLVER),
          "DDPMScheduler",
          new Defaults(
              0.0001, 0.02, BetaSchedule.LINEAR, TimestepSpacing.LEADING, true, true, SOLVER),
          "PNDMScheduler",
          new Defaults(
              0.0001, 0.02, BetaSchedule.LINEAR, TimestepSpacing.LEADING, false, false, SOLVER),
          "DEISMultistepScheduler",
          new Defaults(
              0.0001, 0.02, BetaSchedule.LINEAR, TimestepSpacing.LINSPACE, false, false, "deis"),
          "HeunDiscreteScheduler",
          K_DIFFUSION,
          "KDPM2DiscreteScheduler",
          K_DIFFUSION,
          "KDPM2AncestralDiscreteScheduler",
          K_DIFFUSION,
          "DPMSolverSDEScheduler",
          K_DIFFUSION,
          "LCMScheduler",
          DISTILLED,
          "TCDScheduler",
          DISTILLED);

  private SchedulerJson() {}

  /// Reads the settings as the class the file names understands them.
  static SchedulerConfig read(ConfigReader json) {
    return read(json, json.text("_class_name", "PNDMScheduler"));
  }

  /// Reads the settings as `className` does when it takes over the file of another class.
  static SchedulerConfig read(ConfigReader json, String className) {
    Defaults defaults = DEFAULTS.getOrDefault(className, OTHERS);
    return json.build(() ->
        new SchedulerConfig(
            className,
            json.integer("num_train_timesteps", 1000),
            json.real("beta_start", defaults.betaStart()),
            json.real("beta_end", defaults.betaEnd()),
            json.constant("beta_schedule", BetaSchedule.class, defaults.betaSchedule()),
            json.reals("trained_betas", List.of()),
            json.constant("prediction_type", PredictionType.class, PredictionType.EPSILON),
            json.constant("timestep_spacing", TimestepSpacing.class, defaults.spacing()),
            json.integer("steps_offset", 0),
            json.flag("set_alpha_to_one", defaults.setAlphaToOne()),
            json.flag("clip_sample", defaults.clipSample()),
            json.real("clip_sample_range", 1.0),
            json.flag("rescale_betas_zero_snr", false),
            sigmaSpacing(json),
            json.flag("skip_prk_steps", false),
            json.integer("solver_order", 2),
            json.text("algorithm_type", defaults.algorithmType()),
            json.text("final_sigmas_type", "zero")));
  }

  private static SigmaSpacing sigmaSpacing(ConfigReader json) {
    for (SigmaSpacing spacing : SigmaSpacing.values()) {
      if (spacing != SigmaSpacing.TIMESTEPS && json.flag(flagOf(spacing), false)) {
        return spacing;
      }
    }
    return SigmaSpacing.TIMESTEPS;
  }

  static ObjectNode write(SchedulerConfig config) {
    ObjectNode json =
        Json.object()
            .put("_class_name", config.className())
            .put("algorithm_type", config.algorithmType())
            .put("beta_end", config.betaEnd())
            .put("beta_schedule", lower(config.betaSchedule()))
            .put("beta_start", config.betaStart())
            .put("clip_sample", config.clipSample())
            .put("clip_sample_range", config.clipSampleRange())
            .put("final_sigmas_type", config.finalSigmasType())
            .put("num_train_timesteps", config.numTrainTimesteps())
            .put("prediction_type", lower(config.predictionType()))
            .put("rescale_betas_zero_snr", config.rescaleBetasZeroSnr())
            .put("set_alpha_to_one", config.setAlphaToOne())
            .put("skip_prk_steps", config.skipPrkSteps())
            .put("solver_order", config.solverOrder())
            .put("steps_offset", config.stepsOffset())
            .put("timestep_spacing", lower(config.timestepSpacing()));
    if (!config.trainedBetas().isEmpty()) {
      ArrayNode betas = json.putArray("trained_betas");
      config.trainedBetas().forEach(betas::add);
    }
    if (config.sigmaSpacing() != SigmaSpacing.TIMESTEPS) {
      json.put(flagOf(config.sigmaSpacing()), true);
    }
    return json;
  }

  private static String flagOf(SigmaSpacing spacing) {
    return "use_%s_sigmas".formatted(lower(spacing));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
