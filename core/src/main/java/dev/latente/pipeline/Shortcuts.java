package dev.latente.pipeline;

import java.util.Map;

/// Ways to a picture with less work for the network. Each changes the picture, so that none is
/// taken unless it is asked for.
///
/// @param guidance the part of the run in which guidance is at work
public record Shortcuts(GuidanceInterval guidance) {
  /// None is taken.
  public static Shortcuts none() {
    return new Shortcuts(GuidanceInterval.WHOLE);
  }

  /// The same with guidance in a part of the run.
  public Shortcuts withGuidance(GuidanceInterval part) {
    return new Shortcuts(part);
  }

  /// Puts what is taken among a picture's parameters.
  void note(Map<String, String> values) {
    if (!guidance.equals(GuidanceInterval.WHOLE)) {
      values.put("Guidance interval", guidance.toString());
    }
  }
}
