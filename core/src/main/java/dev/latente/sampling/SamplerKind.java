package dev.latente.sampling;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The samplers that have a name.
public enum SamplerKind {
  /// [Ddim].
  DDIM("ddim", "DDIM", "DDIMScheduler", Levels.STRIDED, leading(Map.of("clip_sample", true))),
  /// [Ddpm].
  DDPM("ddpm", "DDPM", "DDPMScheduler", Levels.DISCRETE, leading(Map.of("clip_sample", true))),
  /// [Pndm].
  PNDM(
      "pndm",
      "PNDM",
      "PNDMScheduler",
      Levels.PNDM,
      leading(Map.of("set_alpha_to_one", false)),
      "plms"),
  /// [Euler].
  EULER("euler", "Euler", "EulerDiscreteScheduler", Levels.INTERPOLATED, Map.of()),
  /// [EulerAncestral].
  EULER_A(
      "euler-a",
      "Euler a",
      "EulerAncestralDiscreteScheduler",
      Levels.INTERPOLATED,
      Map.of(),
      "euler ancestral"),
  /// [Dpmpp2m].
  DPMPP_2M("dpm++2m", "DPM++ 2M", "DPMSolverMultistepScheduler", Levels.SOLVER, Map.of());

  private final String id;
  private final String label;
  private final String className;
  private final Levels levels;
  private final Map<String, Object> defaults;
  private final List<String> aliases;

  SamplerKind(
      String id,
      String label,
      String className,
      Levels levels,
      Map<String, Object> defaults,
      String... aliases) {
    this.id = id;
    this.label = label;
    this.className = className;
    this.levels = levels;
    this.defaults = defaults;
    this.aliases = List.of(aliases);
  }

  private static Map<String, Object> leading(Map<String, Object> others) {
    var all = new HashMap<>(others);
    all.put("timestep_spacing", "leading");
    return Map.copyOf(all);
  }

  /// The sampler called `name`; case, blanks, hyphens and underscores do not matter, and "pp" is
  /// "++".
  ///
  /// @throws IllegalArgumentException if there is none, listing those there are
  public static SamplerKind named(String name) {
    String wanted = Names.simplified(name);
    for (SamplerKind kind : values()) {
      if (kind.answersTo(wanted)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "unknown sampler '%s'; known: %s"
            .formatted(
                name,
                Arrays.stream(values()).map(SamplerKind::id).collect(Collectors.joining(" "))));
  }

  private boolean answersTo(String wanted) {
    return wanted.equals(Names.simplified(id))
        || wanted.equals(Names.simplified(name()))
        || wanted.equals(Names.simplified(label))
        || aliases.stream().anyMatch(alias -> wanted.equals(Names.simplified(alias)));
  }

  /// The kind that a scheduler's config asks for by its `_class_name`.
  ///
  /// @throws IllegalArgumentException if it is not known, listing those that are
  static SamplerKind ofClass(String className, Map<String, Object> values) {
    for (SamplerKind kind : values()) {
      if (kind.className.equals(className)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "unknown scheduler '%s'; known: %s"
            .formatted(
                className,
                Arrays.stream(values())
                    .map(kind -> kind.className)
                    .distinct()
                    .collect(Collectors.joining(" "))));
  }

  /// The name on the command line, such as `dpm++2m`.
  public String id() {
    return id;
  }

  /// The name people write, such as `DPM++ 2M`.
  public String label() {
    return label;
  }

  /// The class in diffusers, such as `DPMSolverMultistepScheduler`.
  public String className() {
    return className;
  }

  /// How that class chooses noise levels.
  Levels levels() {
    return levels;
  }

  /// What that class assumes where a config is silent, if not what most do.
  Map<String, Object> defaults() {
    return defaults;
  }

  /// What to change in another class' config to use it for this one.
  Map<String, Object> presets() {
    return switch (this) {
      case DPMPP_2M -> Map.of("algorithm_type", "dpmsolver++", "solver_order", 2);
      case DDIM, DDPM, PNDM, EULER, EULER_A -> Map.of();
    };
  }

  /// The sampler as `config` wants it.
  Sampler sampler(SchedulerConfig config) {
    Limit limit = config.limit();
    return switch (this) {
      case DDIM -> new Ddim(config.eta(0), limit);
      case DDPM ->
          limited(
              limit,
              new Ddpm(
                  config.choice("variance_type", Ddpm.Variance.class, Ddpm.Variance.FIXED_SMALL)));
      case PNDM ->
          new Pndm(
              config.prediction(),
              config.flag("skip_prk_steps", false) ? Pndm.Start.HEUN : Pndm.Start.RUNGE_KUTTA);
      case EULER -> new Euler();
      case EULER_A -> new EulerAncestral(config.eta(1));
      case DPMPP_2M ->
          limited(
              limit,
              new Dpmpp2m(
                  config.choice("solver_type", Dpmpp2m.Rule.class, Dpmpp2m.Rule.MIDPOINT),
                  lastStep(config)));
    };
  }

  private static Sampler limited(Limit limit, Sampler sampler) {
    return limit instanceof Limit.None
        ? sampler
        : (denoiser, x, sigmas, noise, listener) ->
            sampler.sample(limit.on(denoiser), x, sigmas, noise, listener);
  }

  private static Dpmpp2m.LastStep lastStep(SchedulerConfig config) {
    if (config.flag("euler_at_final", false)) {
      return Dpmpp2m.LastStep.FIRST_ORDER;
    }
    return config.flag("lower_order_final", true)
        ? Dpmpp2m.LastStep.FIRST_ORDER_IN_SHORT_RUNS
        : Dpmpp2m.LastStep.SECOND_ORDER;
  }

  @Override
  public String toString() {
    return label;
  }
}
