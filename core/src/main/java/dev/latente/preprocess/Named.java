package dev.latente.preprocess;

import java.util.Locale;

/// The preprocessors that have a name.
enum Named {
  /// White edges on black.
  CANNY(Canny.USUAL),
  /// Brightness alone.
  GREY(PixelMaps::grey),
  /// Light and dark exchanged: lines that were drawn black on white.
  INVERT(PixelMaps::inverted),
  /// What is dark, as white on black.
  SCRIBBLE(PixelMaps::scribble),
  /// The same colours elsewhere: for their manner, not their place.
  SHUFFLE(Shuffle.USUAL),
  /// The picture itself: for nets that add detail to it.
  TILE(picture -> picture);

  private final Preprocessor preprocessor;

  Named(Preprocessor preprocessor) {
    this.preprocessor = preprocessor;
  }

  Preprocessor preprocessor() {
    return preprocessor;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
