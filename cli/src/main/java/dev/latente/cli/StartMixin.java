package dev.latente.cli;

import dev.latente.image.Cutout;
import dev.latente.image.Fit;
import dev.latente.image.Picture;
import dev.latente.pipeline.Extension;
import dev.latente.pipeline.ImageRequest;
import dev.latente.pipeline.PixelSize;
import dev.latente.pipeline.StartPicture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The picture to begin with, and what becomes of it.
///
/// Filled in by the command line; not thread-safe.
final class StartMixin {
  @Option(names = "--init", paramLabel = "IMAGE", descriptionKey = "init")
  private Optional<Path> init = Optional.empty();

  @Option(names = "--strength", paramLabel = "X", descriptionKey = "strength")
  private Optional<Double> strength = Optional.empty();

  @Option(names = "--resize-mode", paramLabel = "stretch|crop|fill", descriptionKey = "resize-mode")
  private Optional<String> fit = Optional.empty();

  @Option(
      names = "--extend",
      paramLabel = "left=N,top=N,right=N,bottom=N[,overlap=N]",
      descriptionKey = "extend")
  private Optional<String> extension = Optional.empty();

  @Mixin private MaskMixin mask = new MaskMixin();

  /// A start picture as the options have it.
  ///
  /// @param fromAlpha whether its transparent part is its mask
  /// @param remarks of what users may not expect
  record Start(StartPicture picture, boolean fromAlpha, List<String> remarks) {
    /// Gives `builder` the picture, and a size in its proportion: the picture's own if it grows.
    void begin(ImageRequest.Builder builder) {
      PixelSize canvas = picture.canvas();
      builder.start(picture);
      if (picture.extension().isPresent() && picture.masking().padding().isEmpty()) {
        builder.size(canvas.width(), canvas.height());
      } else {
        builder.proportion(canvas);
      }
    }
  }

  /// Reads what was asked for.
  ///
  /// @throws IllegalArgumentException if the options do not go together, or a file is no picture
  Optional<Start> start(Words words) throws IOException {
    if (init.isEmpty()) {
      requireAlone("--strength", strength.isPresent());
      requireAlone("--resize-mode", fit.isPresent());
      requireAlone("--extend", extension.isPresent());
      requireAlone("--mask", mask.isGiven());
    }
    Fit how = fit.isPresent() ? Fit.named(fit.get()) : Fit.STRETCH;
    Optional<Extension> growth = extension.map(Extension::parse);
    if (init.isEmpty()) {
      mask.requireMasked(false);
      return Optional.empty();
    }
    Optional<Cutout> cutout = mask.looksAtAlpha() ? Cutout.read(init.get()) : Optional.empty();
    mask.requireTransparent(init.get(), cutout.isPresent());
    boolean partial = mask.isFile() || cutout.isPresent() || growth.isPresent();
    mask.requireMasked(partial);
    double share = strength.orElse(StartPicture.USUAL_STRENGTH);
    StartPicture whole =
        StartPicture.of(
                cutout.isPresent() ? cutout.get().colours() : Picture.read(init.get()), share)
            .withFit(how)
            .withMasking(mask.options(mask.isFile()));
    Optional<Picture> where = mask.isFile() ? Optional.of(mask.read()) : cutout.map(Cutout::mask);
    StartPicture masked = where.isPresent() ? whole.withMask(where.get()) : whole;
    StartPicture grown = growth.isPresent() ? masked.withExtension(growth.get()) : masked;
    return Optional.of(new Start(grown, cutout.isPresent(), remarks(words, grown, growth, cutout)));
  }

  /// The files that were named.
  Stream<Path> files() {
    return Stream.of(init, mask.file()).flatMap(Optional::stream);
  }

  private List<String> remarks(
      Words words, StartPicture start, Optional<Extension> growth, Optional<Cutout> cutout) {
    Optional<String> alpha =
        cutout
            .filter(_ -> !mask.asksForAlpha())
            .map(_ -> words.say("mask-alpha", init.orElseThrow()));
    Optional<String> rounded =
        start
            .extension()
            .filter(more -> !growth.equals(Optional.of(more)))
            .map(more -> words.say("extend-rounded", start.canvas(), ImageRequest.MULTIPLE, more));
    return Stream.of(alpha, rounded).flatMap(Optional::stream).toList();
  }

  private static void requireAlone(String option, boolean given) {
    if (given) {
      throw new IllegalArgumentException(option + " needs a picture to begin with: --init IMAGE");
    }
  }
}
