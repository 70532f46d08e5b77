package dev.latente.pipeline;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The part of a run in which guidance is at work; outside of it the network is asked as with a
/// guidance of 1, which spares the estimate without the prompt: [Kynkäänniemi et al.
/// (2024)](https://arxiv.org/abs/2404.07724).
///
/// Both are shares of the steps of a whole schedule, so that an interval means the same noise
/// levels for a picture that is redrawn from the middle of it, in a second pass, and for a refiner.
/// Models that are asked with the prompt alone have nothing to leave out.
///
/// @param from the first step that is guided begins there or later, 0 or more
/// @param to it begins before that, at most 1
public record GuidanceInterval(double from, double to) {
  /// The whole run.
  public static final GuidanceInterval WHOLE = new GuidanceInterval(0, 1);

  private static final Pattern FORM =
      Pattern.compile("(\\d{0,9}\\.?\\d{1,17}|\\d{1,9}\\.)-(\\d{0,9}\\.?\\d{1,17}|\\d{1,9}\\.)");

  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException if one is out of its range
  public GuidanceInterval {
    if (!(from >= 0 && from < to && to <= 1)) {
      throw new IllegalArgumentException(
          "guidance interval must begin at 0 or later and end after that, at most at 1: %s-%s"
              .formatted(from, to));
    }
  }

  /// The interval that is written `START-END`, such as `0.2-0.8`.
  ///
  /// @throws IllegalArgumentException if it is not in that form, or a number is out of its range
  public static GuidanceInterval parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "guidance interval must be START-END, such as 0.2-0.8: '%s'".formatted(text));
    }
    return new GuidanceInterval(
        Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2)));
  }

  /// Whether `step` is guided, counted from 0 among the `steps` of a whole schedule. What samplers
  /// ask after the last step's beginning belongs to the end.
  boolean holdsAt(int step, int steps) {
    double share = step / (double) steps;
    return share >= from && (to == 1 || share < to);
  }

  /// As [#parse] reads it.
  @Override
  public String toString() {
    return GeneratedImage.plain(from) + "-" + GeneratedImage.plain(to);
  }
}
