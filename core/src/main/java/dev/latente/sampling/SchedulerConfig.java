package dev.latente.sampling;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How a model was trained to see noise and how to sample it, in the terms of diffusers'
/// `scheduler_config.json`.
///
/// Only what a file says is stored. What it leaves out is looked up in the defaults of its class
/// when asked, and so changes with the sampler, as it does in diffusers' `from_config`; only
/// clipping does not begin so, see [#withSampler].
///
/// @param sampler how to sample
/// @param chosen the noise levels to use instead of those that `values` ask for
/// @param values what the file says: numbers, booleans, strings and lists of numbers by name;
///   without nulls. Names that mean nothing here are kept and ignored.
public record SchedulerConfig(
    SamplerKind sampler, Optional<Schedule> chosen, Map<String, Object> values) {
  private static final String CLIP_SAMPLE = "clip_sample";

  public SchedulerConfig {
    values = Map.copyOf(values);
    check(new ConfigValues(values, sampler.defaults()));
  }

  private static void check(ConfigValues values) {
    int steps = values.whole("num_train_timesteps", 1000);
    if (steps < 1) {
      throw new IllegalArgumentException("num_train_timesteps must be positive: " + steps);
    }
    double start = values.number("beta_start", 0.0001);
    double end = values.number("beta_end", 0.02);
    if (!(0 < start && start <= end && end < 1)) {
      throw new IllegalArgumentException(
          "0 < beta_start <= beta_end < 1 must hold: %s, %s".formatted(start, end));
    }
    values.choice("beta_schedule", BetaSchedule.class, BetaSchedule.LINEAR);
    values.choice("prediction_type", Prediction.class, Prediction.EPSILON);
    values.choice("timestep_spacing", Spacing.class, Spacing.LINSPACE);
    int offset = values.whole("steps_offset", 0);
    if (offset < 0 || offset >= steps) {
      throw new IllegalArgumentException(
          "steps_offset must be from 0 to %d: %d".formatted(steps - 1, offset));
    }
    values.only("interpolation_type", "linear");
    values.only("timestep_type", "discrete");
    values.only("use_flow_sigmas", "false");
    values.only("predict_x0", "true");
    float[] betas = values.numbers("trained_betas");
    if (betas.length != 0 && betas.length != steps) {
      throw new IllegalArgumentException(
          "trained_betas must have num_train_timesteps = %d entries: %d"
              .formatted(steps, betas.length));
    }
  }

  /// What a `scheduler_config.json` says.
  ///
  /// @param className its `_class_name`, such as `PNDMScheduler`
  /// @param values all its values that are not null
  /// @throws IllegalArgumentException if the class is unknown or a value makes no sense
  public static SchedulerConfig of(String className, Map<String, Object> values) {
    return new SchedulerConfig(SamplerKind.ofClass(className, values), Optional.empty(), values);
  }

  /// Stable Diffusion's training noise, sampled by DDIM with its published settings.
  public static SchedulerConfig stableDiffusion(Prediction prediction) {
    return of(
        "DDIMScheduler",
        Map.of(
            "num_train_timesteps",
            1000,
            "beta_start",
            0.00085,
            "beta_end",
            0.012,
            "beta_schedule",
            "scaled_linear",
            "prediction_type",
            prediction.configName(),
            "steps_offset",
            1,
            "set_alpha_to_one",
            false,
            CLIP_SAMPLE,
            false));
  }

  /// The same model sampled by another sampler.
  ///
  /// What does not clip its estimates does not begin to: DDIM's and DDPM's classes clip to -1 to 1
  /// where a config is silent, which is right for pictures but takes the colours from latents. Here
  /// diffusers' `from_config` differs.
  public SchedulerConfig withSampler(SamplerKind other) {
    if (other == sampler) {
      return this;
    }
    Map<String, Object> changed = new HashMap<>(values);
    if (!sampler.defaults().containsKey(CLIP_SAMPLE)) {
      changed.putIfAbsent(CLIP_SAMPLE, false);
    }
    changed.putAll(other.presets());
    return new SchedulerConfig(other, chosen, changed);
  }

  /// The same with other noise levels.
  public SchedulerConfig withSchedule(Schedule schedule) {
    return new SchedulerConfig(sampler, Optional.of(schedule), values);
  }

  /// The same model sampled as chosen.
  public SchedulerConfig with(SamplerChoice choice) {
    SchedulerConfig other = withSampler(choice.sampler());
    return choice.schedule().map(other::withSchedule).orElse(other);
  }

  /// The same with one value changed.
  public SchedulerConfig with(String name, Object value) {
    Map<String, Object> changed = new HashMap<>(values);
    changed.put(name, value);
    return new SchedulerConfig(sampler, chosen, changed);
  }

  /// The `_class_name`, such as `PNDMScheduler`.
  public String className() {
    return sampler.className();
  }

  /// The noise levels in use: the chosen ones, or those that the values ask for.
  public Schedule schedule() {
    return chosen.orElseGet(() -> {
      if (flag("use_karras_sigmas", false)) {
        return Schedule.KARRAS;
      }
      if (flag("use_exponential_sigmas", false) || flag("use_lu_lambdas", false)) {
        return Schedule.EXPONENTIAL; // Lu's is the same in other words
      }
      return flag("use_beta_sigmas", false) ? Schedule.BETA : Schedule.of(spacing());
    });
  }

  /// Which timesteps are visited, or underlie other levels.
  Spacing spacing() {
    return chosen
        .flatMap(Schedule::spacing)
        .orElseGet(() -> choice("timestep_spacing", Spacing.class, Spacing.LINSPACE));
  }

  /// What the network estimates.
  public Prediction prediction() {
    return choice("prediction_type", Prediction.class, Prediction.EPSILON);
  }

  /// The noise levels of training.
  public NoiseSchedule noiseSchedule() {
    NoiseSchedule schedule = trainedSchedule();
    return flag("rescale_betas_zero_snr", false)
        ? schedule.zeroTerminalSnr(sampler.levels().smallestAlpha())
        : schedule;
  }

  private NoiseSchedule trainedSchedule() {
    float[] betas = read().numbers("trained_betas");
    if (betas.length != 0) {
      return NoiseSchedule.ofBetas(betas);
    }
    return NoiseSchedule.of(
        betaSchedule(), number("beta_start", 0.0001), number("beta_end", 0.02), trainSteps());
  }

  BetaSchedule betaSchedule() {
    return choice("beta_schedule", BetaSchedule.class, BetaSchedule.LINEAR);
  }

  TunedLevels tunedLevels() {
    return choice("model_family", TunedLevels.class, TunedLevels.SD);
  }

  int trainSteps() {
    return whole("num_train_timesteps", 1000);
  }

  /// The sampler, set up as the values say.
  public Sampler newSampler() {
    return sampler.sampler(this);
  }

  /// The noise levels of a run of `steps` steps.
  ///
  /// @throws IllegalArgumentException unless `steps` is from 1 to the number of training levels
  public Sigmas sigmas(int steps) {
    if (steps < 1 || steps > trainSteps()) {
      throw new IllegalArgumentException(
          "steps must be from 1 to %d: %d".formatted(trainSteps(), steps));
    }
    return sampler.levels().sigmas(new LevelRequest(this, noiseSchedule(), steps));
  }

  /// What clean estimates are kept within.
  Limit limit() {
    if (flag("thresholding", false)) {
      return new Limit.Dynamic(
          number("dynamic_thresholding_ratio", 0.995), number("sample_max_value", 1));
    }
    return flag(CLIP_SAMPLE, false)
        ? new Limit.Range(number("clip_sample_range", 1))
        : new Limit.None();
  }

  Ddpm.Variance variance() {
    return choice("variance_type", Ddpm.Variance.class, Ddpm.Variance.FIXED_SMALL);
  }

  Pndm.Start pndmStart() {
    return flag("skip_prk_steps", false) ? Pndm.Start.HEUN : Pndm.Start.RUNGE_KUTTA;
  }

  int solverOrder() {
    return whole("solver_order", 2);
  }

  /// Other solvers' types, such as DEIS', mean the midpoint rule, as in diffusers.
  SecondOrder secondOrder() {
    return text("solver_type", "midpoint").equals("heun") ? SecondOrder.HEUN : SecondOrder.MIDPOINT;
  }

  LastStep lastStep() {
    boolean lower = flag("lower_order_final", true);
    if (flag("euler_at_final", false)) {
      return LastStep.EULER;
    }
    return lower ? LastStep.LOWER_ORDER_IN_SHORT_RUNS : LastStep.FULL_ORDER;
  }

  Sampler multistep(double eta) {
    return new DpmppMultistep(solverOrder(), eta, secondOrder(), lastStep());
  }

  Sampler uniPc() {
    return new UniPc(
        solverOrder(),
        text("solver_type", "bh2").equals("bh1") ? UniPc.Function.BH1 : UniPc.Function.BH2,
        flag("lower_order_final", true) ? LastStep.LOWER_ORDER : LastStep.FULL_ORDER);
  }

  /// How much of the noise a sampler renews; a value of ours, not of diffusers' files.
  double eta(double usual) {
    return number("eta", usual);
  }

  /// Whether the last step ends at the least noise of training, not at none.
  boolean endsAtSigmaMin() {
    return text("final_sigmas_type", "zero").equals("sigma_min");
  }

  boolean flag(String name, boolean usual) {
    return read().flag(name, usual);
  }

  double number(String name, double usual) {
    return read().number(name, usual);
  }

  int whole(String name, int usual) {
    return read().whole(name, usual);
  }

  String text(String name, String usual) {
    return read().text(name, usual);
  }

  <E extends Enum<E>> E choice(String name, Class<E> type, E usual) {
    return read().choice(name, type, usual);
  }

  private ConfigValues read() {
    return new ConfigValues(values, sampler.defaults());
  }
}
