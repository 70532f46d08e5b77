package dev.latente.image;

/// Checks of widths and heights.
final class Size {
  /// What is held at most: a picture of 8,192 x 8,192.
  static final long MOST_PIXELS = 1L << 26;

  private Size() {}

  static void require(int width, int height) {
    if (width < 1 || height < 1 || (long) width * height > MOST_PIXELS) {
      throw new IllegalArgumentException(
          "size must be from 1x1 to %d pixels: %dx%d".formatted(MOST_PIXELS, width, height));
    }
  }

  static void require(int width, int height, int channels, int found, String what) {
    require(width, height);
    long expected = (long) channels * width * height;
    if (found != expected) {
      throw new IllegalArgumentException(
          "a picture of %dx%d needs %d %s: %d".formatted(width, height, expected, what, found));
    }
  }
}
