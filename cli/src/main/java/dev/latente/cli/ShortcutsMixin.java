package dev.latente.cli;

import dev.latente.pipeline.GuidanceInterval;
import dev.latente.pipeline.Shortcuts;
import picocli.CommandLine.Option;

/// Ways to a picture with less work.
///
/// Filled in by the command line; not thread-safe.
final class ShortcutsMixin {
  @Option(
      names = "--guidance-interval",
      paramLabel = "START-END",
      descriptionKey = "guidance-interval")
  private GuidanceInterval guidance = GuidanceInterval.WHOLE;

  @Option(names = "--cache-interval", paramLabel = "N", descriptionKey = "cache-interval")
  private int cache = 1;

  /// Those asked for.
  ///
  /// @throws IllegalArgumentException if a number is out of its range
  Shortcuts shortcuts() {
    return Shortcuts.none().withGuidance(guidance).withCacheInterval(cache);
  }
}
