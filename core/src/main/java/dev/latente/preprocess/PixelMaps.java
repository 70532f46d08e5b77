package dev.latente.preprocess;

import dev.latente.image.Picture;

/// Maps of which each pixel depends on the same pixel of the picture alone.
final class PixelMaps {
  /// Pixels are dark if their least colour is below this, as the A1111 web UI's `scribble_thr` has
  /// it.
  private static final int DARK = 127;

  private static final int CHANNELS = 3;

  private PixelMaps() {}

  /// The brightness (BT.601, as Pillow's `L`) in all three channels.
  static Picture grey(Picture picture) {
    return each(
        picture,
        (red, green, blue) -> {
          int luma = (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16; // .299 .587 .114
          return luma << 16 | luma << 8 | luma;
        });
  }

  static Picture inverted(Picture picture) {
    return each(picture, (red, green, blue) -> ~(red << 16 | green << 8 | blue));
  }

  static Picture scribble(Picture picture) {
    return each(
        picture, (red, green, blue) -> Math.min(red, Math.min(green, blue)) < DARK ? 0xffffff : 0);
  }

  /// One pixel's colours to those of the map, as 0xRRGGBB.
  @FunctionalInterface
  private interface Change {
    int of(int red, int green, int blue);
  }

  private static Picture each(Picture picture, Change change) {
    byte[] rgb = picture.rgb();
    for (int i = 0; i < rgb.length; i += CHANNELS) {
      int value = change.of(rgb[i] & 0xff, rgb[i + 1] & 0xff, rgb[i + 2] & 0xff);
      rgb[i] = (byte) (value >> 16);
      rgb[i + 1] = (byte) (value >> 8);
      rgb[i + 2] = (byte) value;
    }
    return Picture.of(picture.width(), picture.height(), rgb);
  }
}
