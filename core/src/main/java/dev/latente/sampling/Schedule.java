package dev.latente.sampling;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The choices of noise levels that have a name.
public enum Schedule {
  /// Multiples of T / n from 0, plus an offset: [Lin et al.
  /// (2023)](https://arxiv.org/abs/2305.08891), table 2.
  LEADING(Spacing.LEADING),
  /// Multiples of T / n from T - 1 down: ibid.
  TRAILING(Spacing.TRAILING),
  /// Evenly from 0 to T - 1: ibid.
  LINSPACE(Spacing.LINSPACE),
  /// Evenly in `σ^(1/7)`: [Karras et al. (2022)](https://arxiv.org/abs/2206.00364), equation 5.
  KARRAS,
  /// Evenly in `ln σ`.
  EXPONENTIAL,
  /// As a power of even steps in `ln σ`: the value `rho`, usually 1.
  POLYEXPONENTIAL,
  /// Timesteps evenly from T - 1 to 0, which need not be whole: what the A1111 web UI calls
  /// uniform.
  NORMAL("uniform"),
  /// Timesteps evenly from T - 1 towards 0, which is left out: Stability's generative-models.
  SGM_UNIFORM,
  /// Every T / n-th training level from the noisiest down, without interpolation.
  SIMPLE,
  /// Every T / n-th training level from the second least noisy up, as CompVis' DDIM has it. Where n
  /// does not divide T there are more than n.
  DDIM("ddim uniform"),
  /// As dense as a beta distribution: [Lee et al. (2024)](https://arxiv.org/abs/2407.12173).
  BETA,
  /// Tuned for each family of models: [Sabour et al. (2024)](https://arxiv.org/abs/2404.14507),
  /// with the published levels. The value `model_family` says which: `sd` or `sdxl`.
  ALIGN_YOUR_STEPS("ays"),
  /// Tuned like these: [Chen et al. (2024)](https://arxiv.org/abs/2405.11326).
  GITS("ays gits", "align your steps gits"),
  /// The last timestep of each of n equal parts of training, as turbo models were distilled: [Sauer
  /// et al. (2023)](https://arxiv.org/abs/2311.17042).
  TURBO("sd turbo"),
  /// Evenly in `arctan σ`: ibid., section 3.1. Ends at the least noise of training, not at none.
  KL_OPTIMAL;

  private final Optional<Spacing> spacing;
  private final List<String> aliases;

  Schedule(String... aliases) {
    this.spacing = Optional.empty();
    this.aliases = List.of(aliases);
  }

  Schedule(Spacing spacing) {
    this.spacing = Optional.of(spacing);
    this.aliases = List.of();
  }

  static Schedule of(Spacing spacing) {
    return switch (spacing) {
      case LEADING -> LEADING;
      case TRAILING -> TRAILING;
      case LINSPACE -> LINSPACE;
    };
  }

  /// The spacing of timesteps that this is, if it is one.
  Optional<Spacing> spacing() {
    return spacing;
  }

  /// The schedule called `name`; case, blanks, hyphens and underscores do not matter.
  ///
  /// @throws IllegalArgumentException if there is none, listing those there are
  public static Schedule named(String name) {
    return find(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown schedule '%s'; known: %s"
                    .formatted(
                        name,
                        Arrays.stream(values())
                            .map(Schedule::id)
                            .collect(Collectors.joining(" ")))));
  }

  /// As [#named], or nothing if there is none.
  static Optional<Schedule> find(String name) {
    String wanted = Names.simplified(name);
    return Arrays.stream(values()).filter(schedule -> schedule.answersTo(wanted)).findFirst();
  }

  private boolean answersTo(String wanted) {
    return Stream.concat(Stream.of(name()), aliases.stream())
        .anyMatch(name -> wanted.equals(Names.simplified(name)));
  }

  /// The name on the command line, such as `sgm-uniform`.
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
