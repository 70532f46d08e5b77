package dev.latente.testing;

import dev.latente.image.Picture;

/// The map that tools/reference/control.py shows control networks: bars, circles and a ramp.
public final class ControlMap {
  private ControlMap() {}

  /// The map of a size.
  public static Picture of(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = 3 * (y * width + x);
        rgb[at] = (byte) ((x * 7 + y * 3) % 256);
        rgb[at + 1] = (byte) ((x / 5 + y / 9) % 2 == 0 ? 230 : 20);
        rgb[at + 2] = (byte) ((x * x + y * y) % 251);
      }
    }
    return Picture.of(width, height, rgb);
  }
}
