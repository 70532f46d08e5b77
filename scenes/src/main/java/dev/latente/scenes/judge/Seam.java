package dev.latente.scenes.judge;

import dev.latente.image.Picture;

/// How much a repainted rectangle's edge shows.
///
/// @param across summed steps in brightness across the edge
/// @param near the same a little further in and out, in parallel to it
record Seam(double across, double near) {
  /// No picture yet.
  static final Seam NONE = new Seam(0, 0);

  private static final int NEAR = 2; // pixels from the edge at which ordinary steps are measured

  /// Of several pictures together.
  Seam plus(Seam other) {
    return new Seam(across + other.across, near + other.near);
  }

  /// 1 if edges are like their surroundings, more if they show.
  double ratio() {
    return across / near;
  }

  /// The edge of a rectangle in `picture`.
  ///
  /// @param x left of the rectangle, at least 4, in pixels
  /// @param y top, at least 4
  /// @param side of it; it ends at least 4 pixels before the picture
  static Seam of(Picture picture, int x, int y, int side) {
    double across = 0;
    double near = 0;
    for (int i = 0; i < side; i++) {
      for (int d : new int[] {-NEAR, 0, NEAR}) {
        double steps =
            step(picture, x - 1 + d, y + i, 1, 0)
                + step(picture, x + side - 1 + d, y + i, 1, 0)
                + step(picture, x + i, y - 1 + d, 0, 1)
                + step(picture, x + i, y + side - 1 + d, 0, 1);
        if (d == 0) {
          across += steps;
        } else {
          near += steps / 2;
        }
      }
    }
    return new Seam(across, near);
  }

  private static double step(Picture picture, int x, int y, int dx, int dy) {
    return Math.abs(brightness(picture.at(x + dx, y + dy)) - brightness(picture.at(x, y)));
  }

  /// BT.601, 0 to 255.
  private static double brightness(int rgb) {
    return 0.299 * (rgb >> 16 & 0xff) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
  }
}
