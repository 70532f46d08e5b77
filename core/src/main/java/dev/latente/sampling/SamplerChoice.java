package dev.latente.sampling;

import java.util.Optional;

/// A sampler and perhaps its noise levels, as people name them together.
///
/// @param sampler how to sample
/// @param schedule which levels; empty for those that the model's config asks for
public record SamplerChoice(SamplerKind sampler, Optional<Schedule> schedule) {

  /// The choice called `name`: a sampler's name, or one with a schedule's name after it, as the
  /// A1111 web UI once wrote it: "DPM++ 2M Karras", or `dpm++2m-karras`.
  ///
  /// @throws IllegalArgumentException if there is none, listing the samplers there are
  public static SamplerChoice named(String name) {
    Optional<SamplerKind> whole = SamplerKind.find(name);
    if (whole.isPresent()) {
      return new SamplerChoice(whole.get(), Optional.empty());
    }
    String letters = Names.simplified(name);
    for (int cut = letters.length() - 1; cut > 0; cut--) {
      Optional<SamplerKind> sampler = SamplerKind.find(letters.substring(0, cut));
      Optional<Schedule> schedule = Schedule.find(letters.substring(cut));
      if (sampler.isPresent() && schedule.isPresent()) {
        return new SamplerChoice(sampler.get(), schedule);
      }
    }
    throw SamplerKind.unknown(name);
  }

  /// The choice of a sampler's name and a schedule's, where "Automatic" is what the A1111 web UI
  /// takes for that sampler.
  ///
  /// @throws IllegalArgumentException if one of them is unknown, listing those there are
  public static SamplerChoice named(String sampler, String schedule) {
    SamplerKind kind = named(sampler).sampler();
    boolean automatic = Names.simplified(schedule).equals("automatic");
    return new SamplerChoice(
        kind, Optional.of(automatic ? kind.automatic() : Schedule.named(schedule)));
  }
}
