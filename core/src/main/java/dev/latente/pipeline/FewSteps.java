package dev.latente.pipeline;

import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.SchedulerConfig;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A way in which models were distilled to draw in a few steps without guidance. A single file says
/// so by its name alone.
enum FewSteps {
  /// SD Turbo and SDXL Turbo: [Sauer et al. (2023)](https://arxiv.org/abs/2311.17042).
  TURBO("turbo", SamplerKind.EULER_A, true),
  /// SDXL Lightning: [Lin et al. (2024)](https://arxiv.org/abs/2402.13929).
  LIGHTNING("lightning", SamplerKind.EULER, true),
  /// Latent consistency models: [Luo et al. (2023)](https://arxiv.org/abs/2310.04378).
  LCM("(?<![a-z])lcm(?![a-z])", SamplerKind.LCM, false),
  /// Hyper-SD: [Ren et al. (2024)](https://arxiv.org/abs/2404.13686).
  HYPER("(?<![a-z])hyper(?![a-z])|hyper-?sd", SamplerKind.DDIM, true);

  /// What most of them are published for.
  private static final int USUAL = 4;

  private static final int MOST = 50;

  private static final Pattern COUNT = Pattern.compile("(\\d{1,2})[-_ ]?steps?(?![a-z])");

  private final Pattern name;
  private final SamplerKind sampler;
  private final boolean trailing;

  FewSteps(String name, SamplerKind sampler, boolean trailing) {
    this.name = Pattern.compile(name);
    this.sampler = sampler;
    this.trailing = trailing;
  }

  /// The way that a model called `name` was distilled in, if its name says so.
  static Optional<FewSteps> named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (FewSteps way : values()) {
      if (way.name.matcher(lower).find()) {
        return Optional.of(way);
      }
    }
    return Optional.empty();
  }

  /// The number of steps that a model called `name` was made for.
  static int steps(String name) {
    return stated(name).orElse(USUAL);
  }

  private static OptionalInt stated(String name) {
    Matcher matcher = COUNT.matcher(name.toLowerCase(Locale.ROOT));
    if (!matcher.find()) {
      return OptionalInt.empty();
    }
    int count = Integer.parseInt(matcher.group(1));
    return count >= 1 && count <= MOST ? OptionalInt.of(count) : OptionalInt.empty();
  }

  /// How a model called `name` is sampled whose file does not say: in its way, or as `usual`.
  static SchedulerConfig scheduler(String name, SchedulerConfig usual) {
    return named(name).map(way -> way.changed(usual)).orElse(usual);
  }

  private SchedulerConfig changed(SchedulerConfig usual) {
    SchedulerConfig config = usual.withSampler(sampler);
    return trailing ? config.with("timestep_spacing", "trailing") : config; // LCM has its own
  }
}
