package dev.latente.cli;

import dev.latente.pipeline.Frame;
import dev.latente.pipeline.MicroConditioning;
import dev.latente.pipeline.PixelSize;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// What SDXL is told of the picture's frame.
///
/// Filled in by the command line; not thread-safe.
final class FrameMixin {
  private static final Pattern CROP = Pattern.compile("(\\d{1,6}),(\\d{1,6})");

  @Option(names = "--original-size", paramLabel = "WxH", descriptionKey = "original-size")
  private Optional<PictureSize> original = Optional.empty();

  @Option(names = "--crop", paramLabel = "LEFT,TOP", descriptionKey = "crop")
  private Optional<String> crop = Optional.empty();

  @Option(names = "--target-size", paramLabel = "WxH", descriptionKey = "target-size")
  private Optional<PictureSize> target = Optional.empty();

  @Option(
      names = "--negative-original-size",
      paramLabel = "WxH",
      descriptionKey = "negative-original-size")
  private Optional<PictureSize> negativeOriginal = Optional.empty();

  @Option(names = "--negative-crop", paramLabel = "LEFT,TOP", descriptionKey = "negative-crop")
  private Optional<String> negativeCrop = Optional.empty();

  @Option(
      names = "--negative-target-size",
      paramLabel = "WxH",
      descriptionKey = "negative-target-size")
  private Optional<PictureSize> negativeTarget = Optional.empty();

  @Option(names = "--aesthetic-score", paramLabel = "X", descriptionKey = "aesthetic-score")
  private Optional<Double> score = Optional.empty();

  @Option(
      names = "--negative-aesthetic-score",
      paramLabel = "X",
      descriptionKey = "negative-aesthetic-score")
  private Optional<Double> negativeScore = Optional.empty();

  /// What was said.
  ///
  /// @throws IllegalArgumentException if a number is out of range
  MicroConditioning told() {
    MicroConditioning usual = MicroConditioning.usual();
    MicroConditioning told =
        usual
            .withFrame(frame(original, crop, target))
            .withScores(score.orElse(usual.score()), negativeScore.orElse(usual.negativeScore()));
    boolean negative =
        negativeOriginal.isPresent() || negativeCrop.isPresent() || negativeTarget.isPresent();
    return negative
        ? told.withNegativeFrame(frame(negativeOriginal, negativeCrop, negativeTarget))
        : told;
  }

  private static Frame frame(
      Optional<PictureSize> original, Optional<String> crop, Optional<PictureSize> target) {
    Frame frame = Frame.whole();
    frame = original.isPresent() ? frame.withOriginal(size(original.get())) : frame;
    frame = target.isPresent() ? frame.withTarget(size(target.get())) : frame;
    if (crop.isEmpty()) {
      return frame;
    }
    Matcher matcher = CROP.matcher(crop.get().strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("crop must be LEFT,TOP, such as 0,64: " + crop.get());
    }
    return frame.withCrop(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  private static PixelSize size(PictureSize size) {
    return new PixelSize(size.width(), size.height());
  }
}
