package dev.latente.cli;

import dev.latente.pipeline.SamplingOptions;
import dev.latente.sampling.Prediction;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What is seldom changed about sampling.
///
/// Filled in by the command line; not thread-safe.
final class SamplingMixin {
  @Option(names = "--eta", paramLabel = "X", descriptionKey = "eta")
  private Optional<Double> eta = Optional.empty();

  @Option(names = "--guidance-rescale", paramLabel = "X", descriptionKey = "guidance-rescale")
  private double guidanceRescale;

  @Mixin private ShortcutsMixin shortcuts = new ShortcutsMixin();

  @Option(names = "--prediction", paramLabel = "eps|v|auto", descriptionKey = "prediction")
  private String prediction = "auto";

  @Option(names = "--rescale-zero-terminal-snr", descriptionKey = "ztsnr")
  private boolean zeroTerminalSnr;

  @Option(names = "--upscale-noise", paramLabel = "N", descriptionKey = "upscale-noise")
  private int upscaleNoise = SamplingOptions.USUAL_UPSCALE_NOISE;

  /// The options asked for.
  ///
  /// @throws IllegalArgumentException if one is out of range or unknown
  SamplingOptions options() {
    SamplingOptions options =
        SamplingOptions.usual()
            .withGuidanceRescale(guidanceRescale)
            .withUpscaleNoise(upscaleNoise)
            .withZeroTerminalSnr(zeroTerminalSnr)
            .withShortcuts(shortcuts.shortcuts());
    options = eta.isPresent() ? options.withEta(eta.get()) : options;
    return switch (prediction.toLowerCase(Locale.ROOT)) {
      case "auto" -> options;
      case "eps", "epsilon" -> options.withPrediction(Prediction.EPSILON);
      case "v", "v-prediction", "v_prediction" -> options.withPrediction(Prediction.V_PREDICTION);
      default ->
          throw new IllegalArgumentException("--prediction must be eps, v or auto: " + prediction);
    };
  }
}
