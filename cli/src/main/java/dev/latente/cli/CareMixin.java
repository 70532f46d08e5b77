package dev.latente.cli;

import dev.latente.pipeline.LoadOptions;
import picocli.CommandLine.Option;

/// What is done to pictures for the sake of those who see them.
///
/// Filled in by the command line; not thread-safe.
final class CareMixin {
  @Option(names = "--no-watermark", descriptionKey = "no-watermark")
  private boolean noWatermark;

  @Option(names = "--no-safety-checker", descriptionKey = "no-safety-checker")
  private boolean noSafetyChecker;

  /// Whether pictures are marked: unlike the library, the command does so unless told not to, as
  /// its pictures go to people.
  boolean watermark() {
    return !noWatermark;
  }

  /// `options`, with or without the model's safety checker.
  LoadOptions with(LoadOptions options) {
    return noSafetyChecker ? options.withoutSafetyChecker() : options;
  }
}
