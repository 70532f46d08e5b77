package dev.latente.pipeline;

/// Checks of the numbers of a request: each throws `IllegalArgumentException` for a wrong one.
final class Ranges {
  private Ranges() {}

  /// Checks a side of a picture.
  static void requireSide(String name, int value) {
    if (value <= 0 || value % ImageRequest.MULTIPLE != 0) {
      throw new IllegalArgumentException(
          "%s must be a positive multiple of %d: %d".formatted(name, ImageRequest.MULTIPLE, value));
    }
    if (value > ImageRequest.MAX_SIDE) {
      throw new IllegalArgumentException(
          "%s must be at most %d: %d".formatted(name, ImageRequest.MAX_SIDE, value));
    }
  }

  /// Checks a scale of guidance, `least` or more.
  static void requireGuidance(String name, double value, int least) {
    if (!(value >= least && value <= ImageRequest.MAX_GUIDANCE)) {
      throw new IllegalArgumentException(
          "%s must be from %d to %.0f: %s"
              .formatted(name, least, ImageRequest.MAX_GUIDANCE, value));
    }
  }

  /// Checks a number from 1 to `most`.
  static void require(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "%s must be from 1 to %d: %d".formatted(name, most, value));
    }
  }
}
