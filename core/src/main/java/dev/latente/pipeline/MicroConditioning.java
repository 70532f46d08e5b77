package dev.latente.pipeline;

import java.util.Map;
import java.util.Optional;

/// What SDXL and its refiner are told of a picture beside its text; other models do not hear it.
///
/// @param frame of the picture to come near to
/// @param negativeFrame of the picture to keep away from; the same if empty
/// @param score how good the picture is to be, 1 to 10: for the refiner
/// @param negativeScore how good the picture to keep away from is
public record MicroConditioning(
    Frame frame, Optional<Frame> negativeFrame, double score, double negativeScore) {
  /// diffusers' scores.
  private static final double SCORE = 6;

  private static final double NEGATIVE_SCORE = 2.5;

  private static final double MAX_SCORE = 100;

  /// Checks the scores.
  ///
  /// @throws IllegalArgumentException if one is out of its range
  public MicroConditioning {
    requireScore("aesthetic score", score);
    requireScore("negative aesthetic score", negativeScore);
  }

  /// A whole picture of the size that is drawn, with diffusers' scores.
  public static MicroConditioning usual() {
    return new MicroConditioning(Frame.whole(), Optional.empty(), SCORE, NEGATIVE_SCORE);
  }

  /// The same with another frame.
  public MicroConditioning withFrame(Frame other) {
    return new MicroConditioning(other, negativeFrame, score, negativeScore);
  }

  /// The same with another frame to keep away from.
  public MicroConditioning withNegativeFrame(Frame other) {
    return new MicroConditioning(frame, Optional.of(other), score, negativeScore);
  }

  /// The same with other scores.
  public MicroConditioning withScores(double wanted, double unwanted) {
    return new MicroConditioning(frame, negativeFrame, wanted, unwanted);
  }

  /// The numbers `[6]` of the picture to come near to or, if `negative`, to keep away from.
  float[] sizes(PixelSize drawn, boolean negative) {
    return frame(negative).numbers(drawn);
  }

  /// The same with a score `[5]`, for the refiner; in diffusers nothing is cut off the picture to
  /// keep away from unless that is said.
  float[] sizesAndScore(PixelSize drawn, boolean negative) {
    return negative
        ? negativeFrame.orElse(frame.withCrop(0, 0)).numbers(drawn, negativeScore)
        : frame.numbers(drawn, score);
  }

  /// Puts what is not usual among a picture's parameters.
  void note(Map<String, String> values) {
    frame.note("", values);
    negativeFrame.ifPresent(other -> other.note("Negative ", values));
    if (score != SCORE) {
      values.put("Aesthetic score", GeneratedImage.plain(score));
    }
    if (negativeScore != NEGATIVE_SCORE) {
      values.put("Negative aesthetic score", GeneratedImage.plain(negativeScore));
    }
  }

  private Frame frame(boolean negative) {
    return negative ? negativeFrame.orElse(frame) : frame;
  }

  private static void requireScore(String name, double value) {
    if (!(value >= 0 && value <= MAX_SCORE)) {
      throw new IllegalArgumentException(
          "%s must be from 0 to %.0f: %s".formatted(name, MAX_SCORE, value));
    }
  }
}
