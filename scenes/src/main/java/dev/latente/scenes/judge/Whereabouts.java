package dev.latente.scenes.judge;

/// Where a thing is in a picture, in coarse cells.
///
/// @param shares of the thing's pixels that lie in each cell, row by row; they sum to 1, or to 0
///   for a thing that is hidden
record Whereabouts(float[] shares) {
  /// The whereabouts of what `mask` shows, row by row, in a square picture of `size` pixels.
  ///
  /// @param cell side of the cells in pixels, which divides `size`
  static Whereabouts of(boolean[] mask, int size, int cell) {
    int columns = size / cell;
    float[] shares = new float[columns * columns];
    int pixels = 0;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i]) {
        shares[i / size / cell * columns + i % size / cell]++;
        pixels++;
      }
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= Math.max(1, pixels);
    }
    return new Whereabouts(shares);
  }
}
