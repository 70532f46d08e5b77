package dev.latente.sampling;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The samplers that have a name.
public enum SamplerKind {
  /// [Ddim].
  DDIM("DDIM", "DDIMScheduler", Levels.STRIDED, c -> new Ddim(c.eta(0), c.limit())),
  /// [Ddpm].
  DDPM("DDPM", "DDPMScheduler", Levels.DISCRETE, c -> new Ddpm(c.variance())),
  /// [Pndm].
  PNDM("PNDM", "PNDMScheduler", Levels.PNDM, c -> new Pndm(c.prediction(), c.pndmStart()), "PLMS"),
  /// [Euler].
  EULER("Euler", "EulerDiscreteScheduler", Levels.INTERPOLATED, _ -> new Euler()),
  /// [EulerAncestral].
  EULER_A(
      "Euler a",
      "EulerAncestralDiscreteScheduler",
      Levels.INTERPOLATED,
      c -> new EulerAncestral(c.eta(1)),
      "Euler ancestral",
      "k Euler ancestral"),
  /// [Heun].
  HEUN("Heun", "HeunDiscreteScheduler", Levels.INTERPOLATED, _ -> new Heun()),
  /// [Dpm2] without noise.
  DPM2("DPM2", "KDPM2DiscreteScheduler", Levels.INTERPOLATED, _ -> new Dpm2(0), "KDPM2"),
  /// [Dpm2] with noise.
  DPM2_A(
      "DPM2 a",
      "KDPM2AncestralDiscreteScheduler",
      Levels.INTERPOLATED,
      c -> new Dpm2(c.eta(1)),
      "KDPM2 a",
      "DPM2 ancestral",
      "KDPM2 ancestral",
      "k dpm 2 a"),
  /// [DpmppSinglestep].
  DPMPP_2S(
      "DPM++ 2S",
      "DPMSolverSinglestepScheduler",
      Levels.SOLVER,
      c ->
          new DpmppSinglestep(
              c.solverOrder(), c.secondOrder(), c.flag("lower_order_final", false))),
  /// [Dpmpp2sAncestral].
  DPMPP_2S_A(
      "DPM++ 2S a",
      "",
      Levels.INTERPOLATED,
      c -> new Dpmpp2sAncestral(c.eta(1)),
      "DPM++ 2S ancestral"),
  /// [DpmppSde].
  DPMPP_SDE(
      "DPM++ SDE",
      "DPMSolverSDEScheduler",
      Levels.INTERPOLATED,
      c -> new DpmppSde(c.eta(1)),
      "DPM SDE"),
  /// [DpmppMultistep] of second order.
  DPMPP_2M("DPM++ 2M", "DPMSolverMultistepScheduler", Levels.SOLVER, c -> c.multistep(0)),
  /// [DpmppMultistep] of second order with noise.
  DPMPP_2M_SDE(
      "DPM++ 2M SDE", "DPMSolverMultistepScheduler", Levels.SOLVER, c -> c.multistep(c.eta(1))),
  /// The same with [SecondOrder#HEUN].
  DPMPP_2M_SDE_HEUN(
      "DPM++ 2M SDE Heun",
      "DPMSolverMultistepScheduler",
      Levels.SOLVER,
      c -> c.multistep(c.eta(1))),
  /// [DpmppMultistep] of third order.
  DPMPP_3M("DPM++ 3M", "DPMSolverMultistepScheduler", Levels.SOLVER, c -> c.multistep(0)),
  /// [DpmppMultistep] of third order with noise.
  DPMPP_3M_SDE(
      "DPM++ 3M SDE", "DPMSolverMultistepScheduler", Levels.SOLVER, c -> c.multistep(c.eta(1))),
  /// [LinearMultistep] in σ.
  LMS(
      "LMS",
      "LMSDiscreteScheduler",
      Levels.INTERPOLATED,
      _ -> new LinearMultistep(4, LinearMultistep.Scale.SIGMA, LastStep.FULL_ORDER)),
  /// [LinearMultistep] in `ln σ`.
  DEIS(
      "DEIS",
      "DEISMultistepScheduler",
      Levels.SOLVER,
      c -> new LinearMultistep(c.solverOrder(), LinearMultistep.Scale.LOG_SIGMA, c.lastStep())),
  /// [UniPc].
  UNIPC("UniPC", "UniPCMultistepScheduler", Levels.SOLVER, SchedulerConfig::uniPc, "UniPC bh2"),
  /// [Lcm].
  LCM(
      "LCM",
      "LCMScheduler",
      Levels.DISTILLED,
      c -> new Lcm(c.number("timestep_scaling", 10), c.limit())),
  /// [Tcd].
  TCD("TCD", "TCDScheduler", Levels.DISTILLED, c -> new Tcd(c.eta(0.3), c.noiseSchedule())),
  /// [Restart].
  RESTART("Restart", "", Levels.INTERPOLATED, _ -> new Restart());

  private final String label;
  private final String className;
  private final Levels levels;
  private final Function<SchedulerConfig, Sampler> maker;
  private final List<String> aliases;

  SamplerKind(
      String label,
      String className,
      Levels levels,
      Function<SchedulerConfig, Sampler> maker,
      String... aliases) {
    this.label = label;
    this.className = className;
    this.levels = levels;
    this.maker = maker;
    this.aliases = List.of(aliases);
  }

  /// The sampler called `name`, as the A1111 web UI, ComfyUI or diffusers spell it; case, blanks,
  /// hyphens and underscores do not matter, and "pp" is "++". ComfyUI's "gpu" at the end tells
  /// where noise is drawn, which `--rng` does here.
  ///
  /// @throws IllegalArgumentException if there is none, listing those there are
  public static SamplerKind named(String name) {
    return find(name).orElseThrow(() -> unknown(name));
  }

  /// As [#named], or nothing if there is none.
  static Optional<SamplerKind> find(String name) {
    String wanted = Names.simplified(name).replaceFirst("(scheduler|gpu)$", "");
    return Arrays.stream(values()).filter(kind -> kind.answersTo(wanted)).findFirst();
  }

  private boolean answersTo(String wanted) {
    return Stream.concat(Stream.of(label, "k " + label), aliases.stream())
            .anyMatch(name -> wanted.equals(Names.simplified(name)))
        || wanted.equals(Names.simplified(className.replaceFirst("Scheduler$", "")));
  }

  static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "unknown sampler '%s'; known: %s"
            .formatted(
                name,
                Arrays.stream(values()).map(SamplerKind::id).collect(Collectors.joining(" "))));
  }

  /// The kind that a scheduler's config asks for.
  ///
  /// @throws IllegalArgumentException if its class is not known, listing those that are
  static SamplerKind ofClass(String className, Map<String, Object> values) {
    if (className.equals(DPMPP_2M.className)) {
      ConfigValues config = new ConfigValues(values, Map.of());
      boolean third = config.whole("solver_order", 2) == 3;
      return switch (config.text("algorithm_type", "dpmsolver++")) {
        case "dpmsolver++", "deis" -> third ? DPMPP_3M : DPMPP_2M;
        case "sde-dpmsolver++" -> {
          boolean heun = config.text("solver_type", "midpoint").equals("heun");
          yield third ? DPMPP_3M_SDE : heun ? DPMPP_2M_SDE_HEUN : DPMPP_2M_SDE;
        }
        default ->
            throw new IllegalArgumentException(
                "algorithm_type must be dpmsolver++ or sde-dpmsolver++: "
                    + values.get("algorithm_type"));
      };
    }
    for (SamplerKind kind : values()) {
      if (kind.className.equals(className) && !className.isEmpty()) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "unknown scheduler '%s'; known: %s"
            .formatted(
                className,
                Arrays.stream(values())
                    .map(SamplerKind::className)
                    .distinct()
                    .collect(Collectors.joining(" "))));
  }

  /// The name on the command line, such as `dpm++2m-sde`.
  public String id() {
    return label.toLowerCase(Locale.ROOT).replace("++ ", "++").replace(' ', '-');
  }

  /// The name people write, such as `DPM++ 2M SDE`.
  public String label() {
    return label;
  }

  /// The class in diffusers, such as `DPMSolverMultistepScheduler`; for samplers that it lacks, the
  /// class with the same noise levels.
  public String className() {
    return className.isEmpty() ? EULER.className : className;
  }

  /// How that class chooses noise levels.
  Levels levels() {
    return levels;
  }

  /// Whether `timestep_spacing` means something to that class.
  boolean takesSpacing() {
    return this != DPMPP_2S;
  }

  /// Whether that class rounds the timesteps of Karras' levels though it takes others.
  boolean roundsTimesteps() {
    return this == DPM2 || this == DPM2_A;
  }

  /// The noise levels that the A1111 web UI takes for it when asked for "Automatic".
  public Schedule automatic() {
    return switch (this) {
      case DPM2, DPM2_A, DPMPP_2S, DPMPP_2S_A, DPMPP_SDE, DPMPP_2M, RESTART -> Schedule.KARRAS;
      case DPMPP_2M_SDE, DPMPP_2M_SDE_HEUN, DPMPP_3M, DPMPP_3M_SDE -> Schedule.EXPONENTIAL;
      case DDIM, DDPM, PNDM, EULER, EULER_A, HEUN, LMS, DEIS, UNIPC, LCM, TCD -> Schedule.NORMAL;
    };
  }

  /// What that class assumes where a config is silent, if not what most do.
  Map<String, Object> defaults() {
    return switch (this) {
      case DDIM, DDPM -> Map.of("timestep_spacing", "leading", "clip_sample", true);
      case PNDM -> Map.of("timestep_spacing", "leading", "set_alpha_to_one", false);
      case HEUN, DPM2, DPM2_A, DPMPP_SDE -> Map.of("beta_start", 0.00085, "beta_end", 0.012);
      case LCM, TCD ->
          Map.of(
              "beta_start",
              0.00085,
              "beta_end",
              0.012,
              "beta_schedule",
              "scaled_linear",
              "timestep_spacing",
              "leading");
      case DEIS -> Map.of("final_sigmas_type", "sigma_min");
      case EULER, EULER_A, DPMPP_2S, DPMPP_2S_A, DPMPP_2M, DPMPP_2M_SDE -> Map.of();
      case DPMPP_2M_SDE_HEUN, DPMPP_3M, DPMPP_3M_SDE, LMS, UNIPC, RESTART -> Map.of();
    };
  }

  /// What to change in another class' config to use it for this one.
  Map<String, Object> presets() {
    return switch (this) {
      case DPMPP_2M -> Map.of("algorithm_type", "dpmsolver++", "solver_order", 2);
      case DPMPP_2M_SDE -> Map.of("algorithm_type", "sde-dpmsolver++", "solver_order", 2);
      case DPMPP_2M_SDE_HEUN ->
          Map.of("algorithm_type", "sde-dpmsolver++", "solver_order", 2, "solver_type", "heun");
      case DPMPP_3M -> Map.of("algorithm_type", "dpmsolver++", "solver_order", 3);
      case DPMPP_3M_SDE -> Map.of("algorithm_type", "sde-dpmsolver++", "solver_order", 3);
      case DDIM, DDPM, PNDM, EULER, EULER_A, HEUN, DPM2, DPM2_A -> Map.of();
      case DPMPP_2S, DPMPP_2S_A, DPMPP_SDE, LMS, DEIS, UNIPC, LCM, TCD, RESTART -> Map.of();
    };
  }

  /// The sampler as `config` wants it.
  Sampler sampler(SchedulerConfig config) {
    Sampler sampler = maker.apply(config);
    Limit limit = config.limit();
    boolean itsOwn = this == DDIM || this == LCM;
    return itsOwn || limit instanceof Limit.None
        ? sampler
        : (denoiser, x, sigmas, noise, listener) ->
            sampler.sample(limit.on(denoiser), x, sigmas, noise, listener);
  }

  @Override
  public String toString() {
    return label;
  }
}
