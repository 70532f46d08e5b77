package dev.latente.pipeline;

/// A width and a height in pixels, 1 or more each.
public record PixelSize(int width, int height) {
  /// Checks both.
  ///
  /// @throws IllegalArgumentException if one is not positive
  public PixelSize {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("size must be positive: %dx%d".formatted(width, height));
    }
  }

  /// About as many pixels in the proportion of `picture`, with sides that a request may have.
  PixelSize like(PixelSize picture) {
    double pixels = (double) width * height;
    double ratio = (double) picture.width() / picture.height();
    return new PixelSize(side(Math.sqrt(pixels * ratio)), side(Math.sqrt(pixels / ratio)));
  }

  /// `times` as wide and as high, with sides that a request may have.
  PixelSize enlarged(int times) {
    return new PixelSize(side((double) times * width), side((double) times * height));
  }

  private static int side(double pixels) {
    int multiple = ImageRequest.MULTIPLE;
    return Math.clamp(Math.round(pixels / multiple) * multiple, multiple, ImageRequest.MAX_SIDE);
  }

  @Override
  public String toString() {
    return width + "x" + height;
  }
}
