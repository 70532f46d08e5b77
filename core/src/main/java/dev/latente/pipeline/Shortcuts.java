package dev.latente.pipeline;

import java.util.Map;

/// Ways to a picture with less work for the network. Each changes the picture, so that none is
/// taken unless it is asked for.
///
/// @param guidance the part of the run in which guidance is at work
/// @param cacheInterval every how many evaluations the whole network is asked, 1 to 1000; in
///   between only its outermost layers are, and what the inner levels made is used again: [Ma et
///   al. (2023)](https://arxiv.org/abs/2312.00858)
public record Shortcuts(GuidanceInterval guidance, int cacheInterval) {
  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException if one is out of its range
  public Shortcuts {
    Ranges.require("cache interval", cacheInterval, ImageRequest.MAX_STEPS);
  }

  /// None is taken.
  public static Shortcuts none() {
    return new Shortcuts(GuidanceInterval.WHOLE, 1);
  }

  /// The same with guidance in a part of the run.
  public Shortcuts withGuidance(GuidanceInterval part) {
    return new Shortcuts(part, cacheInterval);
  }

  /// The same with the whole network asked every `evaluations` evaluations.
  public Shortcuts withCacheInterval(int evaluations) {
    return new Shortcuts(guidance, evaluations);
  }

  /// Puts what is taken among a picture's parameters.
  void note(Map<String, String> values) {
    if (!guidance.equals(GuidanceInterval.WHOLE)) {
      values.put("Guidance interval", guidance.toString());
    }
    if (cacheInterval > 1) {
      values.put("Cache interval", Integer.toString(cacheInterval));
    }
  }
}
