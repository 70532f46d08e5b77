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

  @Override
  public String toString() {
    return width + "x" + height;
  }
}
