package dev.latente.sampling;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

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
  KARRAS;

  private final Optional<Spacing> spacing;

  Schedule() {
    this.spacing = Optional.empty();
  }

  Schedule(Spacing spacing) {
    this.spacing = Optional.of(spacing);
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
    String wanted = Names.simplified(name);
    for (Schedule schedule : values()) {
      if (wanted.equals(Names.simplified(schedule.name()))) {
        return schedule;
      }
    }
    throw new IllegalArgumentException(
        "unknown schedule '%s'; known: %s"
            .formatted(
                name, Arrays.stream(values()).map(Schedule::id).collect(Collectors.joining(" "))));
  }

  /// The name on the command line, such as `karras`.
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
