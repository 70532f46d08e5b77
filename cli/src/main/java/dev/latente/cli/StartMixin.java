package dev.latente.cli;

import dev.latente.image.Fit;
import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.pipeline.StartPicture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The picture to begin with, and where it is to be redrawn.
///
/// Filled in by the command line; not thread-safe.
final class StartMixin {
  @Option(names = "--init", paramLabel = "IMAGE", descriptionKey = "init")
  private Optional<Path> init = Optional.empty();

  @Option(names = "--strength", paramLabel = "X", descriptionKey = "strength")
  private Optional<Double> strength = Optional.empty();

  @Option(names = "--resize-mode", paramLabel = "stretch|crop|fill", descriptionKey = "resize-mode")
  private Optional<String> fit = Optional.empty();

  @Option(names = "--mask", paramLabel = "IMAGE", descriptionKey = "mask")
  private Optional<Path> mask = Optional.empty();

  @Option(names = "--no-paste", descriptionKey = "no-paste")
  private boolean raw;

  /// Reads what was asked for.
  ///
  /// @throws IllegalArgumentException if the options do not go together, or a file is no picture
  Optional<StartPicture> start() throws IOException {
    if (init.isEmpty()) {
      requireAlone("--strength", strength.isPresent());
      requireAlone("--resize-mode", fit.isPresent());
      requireAlone("--mask", mask.isPresent());
    }
    if (raw && mask.isEmpty()) {
      throw new IllegalArgumentException("--no-paste needs a --mask");
    }
    Fit how = fit.isPresent() ? Fit.named(fit.get()) : Fit.STRETCH;
    if (init.isEmpty()) {
      return Optional.empty();
    }
    double share = strength.orElse(StartPicture.USUAL_STRENGTH);
    StartPicture start = StartPicture.of(Picture.read(init.get()), share).withFit(how);
    return Optional.of(mask.isPresent() ? start.withMask(mask(mask.get())) : start);
  }

  private StartPicture.Mask mask(Path file) throws IOException {
    return new StartPicture.Mask(GreyPicture.read(file).toPicture(), !raw);
  }

  private static void requireAlone(String option, boolean given) {
    if (given) {
      throw new IllegalArgumentException(option + " needs a picture to begin with: --init IMAGE");
    }
  }
}
