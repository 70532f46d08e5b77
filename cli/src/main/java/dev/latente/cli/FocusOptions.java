package dev.latente.cli;

import dev.latente.training.Focus;
import picocli.CommandLine.Option;

/// The options that say which errors count more in training.
///
/// Filled in by the command line; not thread-safe.
final class FocusOptions {
  @Option(names = "--things", paramLabel = "X", defaultValue = "1", descriptionKey = "things")
  private double things;

  @Option(
      names = "--timestep-width",
      paramLabel = "X",
      defaultValue = "1",
      descriptionKey = "timestepWidth")
  private double timestepWidth;

  @Option(
      names = "--timestep-centre",
      paramLabel = "X",
      defaultValue = "0",
      descriptionKey = "timestepCentre")
  private double timestepCentre;

  /// All of them.
  ///
  /// @param gamma where signal-to-noise ratios are cut in the loss; 0 for nowhere
  Focus with(double gamma) {
    return new Focus(gamma, things, timestepWidth, timestepCentre);
  }
}
