package dev.latente.image;

/// How a camera was held, which a file says beside its pixels.
///
/// CIPA DC-008 (Exif 2.32), tag 0x0112 "Orientation", whose values 1 to 8 these are, in order.
enum ExifOrientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  UPSIDE_DOWN(false, true, true),
  UPSIDE_DOWN_MIRRORED(false, false, true),
  LEFT_MIRRORED(true, false, false),
  RIGHT(true, true, false),
  RIGHT_MIRRORED(true, true, true),
  LEFT(true, false, true);

  /// Whether rows become columns, before the result's columns or rows are counted from the end.
  private final boolean transposed;

  private final boolean fromRight;
  private final boolean fromBottom;

  ExifOrientation(boolean transposed, boolean fromRight, boolean fromBottom) {
    this.transposed = transposed;
    this.fromRight = fromRight;
    this.fromBottom = fromBottom;
  }

  /// What `file` says, or `UPRIGHT` if it says nothing that can be understood.
  static ExifOrientation of(byte[] file) {
    int value = Exif.of(file).map(Exif::orientation).orElse(1);
    return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
  }

  /// `picture` turned so that it stands upright.
  Picture apply(Picture picture) {
    if (this == UPRIGHT) {
      return picture;
    }
    int width = transposed ? picture.height() : picture.width();
    int height = transposed ? picture.width() : picture.height();
    byte[] from = picture.bytes();
    byte[] to = new byte[from.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int column = fromRight ? width - 1 - x : x;
        int row = fromBottom ? height - 1 - y : y;
        int source = transposed ? column * picture.width() + row : row * picture.width() + column;
        System.arraycopy(from, 3 * source, to, 3 * (y * width + x), 3);
      }
    }
    return new Picture(width, height, to);
  }
}
