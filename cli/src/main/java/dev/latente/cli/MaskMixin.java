package dev.latente.cli;

import dev.latente.image.GreyPicture;
import dev.latente.image.Picture;
import dev.latente.pipeline.MaskFill;
import dev.latente.pipeline.MaskOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/// Where a picture is redrawn, and how.
///
/// Filled in by the command line; not thread-safe.
final class MaskMixin {
  /// What stands for the transparent part of the picture.
  private static final String ALPHA = "alpha";

  /// What stands for no mask, even if a part of the picture is transparent.
  private static final String NONE = "none";

  @Option(names = "--mask", paramLabel = "IMAGE|alpha|none", descriptionKey = "mask")
  private Optional<String> mask = Optional.empty();

  @Option(names = "--mask-padding", paramLabel = "N", descriptionKey = "mask-padding")
  private Optional<Integer> padding = Optional.empty();

  @Option(
      names = "--mask-fill",
      paramLabel = "original|noise|zero|blur",
      descriptionKey = "mask-fill")
  private Optional<String> fill = Optional.empty();

  @Option(names = "--mask-blur", paramLabel = "X", descriptionKey = "mask-blur")
  private Optional<Double> blur = Optional.empty();

  @Option(names = "--mask-feather", paramLabel = "N", descriptionKey = "mask-feather")
  private Optional<Integer> feather = Optional.empty();

  @Option(names = "--no-paste", descriptionKey = "no-paste")
  private boolean raw;

  /// Whether a mask was asked for.
  boolean isGiven() {
    return mask.filter(value -> !value.equals(NONE)).isPresent();
  }

  /// Whether it is in a file of its own.
  boolean isFile() {
    return isGiven() && !asksForAlpha();
  }

  /// Whether the transparent part of the picture was named as the mask.
  boolean asksForAlpha() {
    return mask.filter(ALPHA::equals).isPresent();
  }

  /// Whether the transparent part of the picture, if there is one, is the mask.
  boolean looksAtAlpha() {
    return mask.isEmpty() || asksForAlpha();
  }

  /// Checks that a picture whose transparent part is to be redrawn has one.
  ///
  /// @throws IllegalArgumentException if it has none
  void requireTransparent(Path picture, boolean transparent) {
    if (asksForAlpha() && !transparent) {
      throw new IllegalArgumentException(
          "--mask alpha needs a picture with a transparent part: %s has none".formatted(picture));
    }
  }

  /// Checks that there is a mask if anything is said of it.
  ///
  /// @param partial whether only a part of the picture is redrawn
  /// @throws IllegalArgumentException if not
  void requireMasked(boolean partial) {
    if (partial) {
      return;
    }
    require("--mask-padding", padding.isPresent());
    require("--mask-fill", fill.isPresent());
    require("--mask-blur", blur.isPresent());
    require("--mask-feather", feather.isPresent());
    require("--no-paste", raw);
  }

  private static void require(String option, boolean given) {
    if (given) {
      throw new IllegalArgumentException(
          option + " needs a --mask, a picture with a transparent part or --extend");
    }
  }

  /// The file that it is in.
  Optional<Path> file() {
    return isFile() ? mask.map(Path::of) : Optional.empty();
  }

  /// The mask in its file.
  Picture read() throws IOException {
    return GreyPicture.read(Path.of(mask.orElseThrow())).toPicture();
  }

  /// How the picture is redrawn.
  ///
  /// @param full whether there is something under the mask to begin with, as under a mask that is a
  ///   file; not where a picture is transparent or new
  /// @throws IllegalArgumentException if a number is out of range
  MaskOptions options(boolean full) {
    MaskFill usual = full ? MaskFill.ORIGINAL : MaskFill.BLUR;
    MaskFill filling = fill.isPresent() ? MaskFill.named(fill.get()) : usual;
    return new MaskOptions(!raw, blur.orElse(0.0), optional(feather), optional(padding), filling);
  }

  private static OptionalInt optional(Optional<Integer> number) {
    return number.isPresent() ? OptionalInt.of(number.get()) : OptionalInt.empty();
  }
}
