package dev.latente.image;

/// A plane without its large shapes, and with its busy parts quietened.
///
/// Each value becomes its difference from what is around it, over the strength of such differences
/// around it: a "noise visibility function" as in [Voloshynovskiy et al.
/// (1999)](https://doi.org/10.1007/10719724_16), by which a few strong edges do not drown a weak
/// mark in the even parts.
final class LocalContrast {
  /// The window's deviation as a share of the shorter side: a mark's longest waves are shorter.
  private static final double WINDOW = 0.0234;

  /// Added to the strength, in levels of 255: about that of noise nobody sees.
  private static final float FLOOR = 2;

  /// So many means in a row are nearly a Gaussian one.
  private static final int PASSES = 3;

  private LocalContrast() {}

  /// Of `plane` `[height, width]` in levels 0 to 255, the same shape.
  static float[] of(float[] plane, int width, int height) {
    int radius = radius(Math.min(width, height));
    float[] around = blurred(plane, width, height, radius);
    float[] difference = new float[plane.length];
    float[] square = new float[plane.length];
    for (int i = 0; i < plane.length; i++) {
      difference[i] = plane[i] - around[i];
      square[i] = difference[i] * difference[i];
    }
    float[] power = blurred(square, width, height, radius);
    for (int i = 0; i < plane.length; i++) {
      difference[i] /= (float) Math.sqrt(Math.max(0, power[i])) + FLOOR;
    }
    return difference;
  }

  /// Means over 2r + 1 values have a variance of r (r + 1) / 3.
  private static int radius(int side) {
    double deviation = WINDOW * side;
    return Math.max(1, (int) Math.rint(Math.sqrt(0.25 + deviation * deviation) - 0.5));
  }

  private static float[] blurred(float[] plane, int width, int height, int radius) {
    float[] from = plane.clone();
    float[] to = new float[plane.length];
    for (int pass = 0; pass < PASSES; pass++) {
      for (int y = 0; y < height; y++) {
        mean(from, to, y * width, 1, width, radius);
      }
      for (int x = 0; x < width; x++) {
        mean(to, from, x, width, height, radius);
      }
    }
    return from;
  }

  /// Moving means along one line of `count` values; beyond its ends it goes on as at them.
  private static void mean(float[] from, float[] to, int start, int stride, int count, int radius) {
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
      sum += from[start + stride * Math.clamp(i, 0, count - 1)];
    }
    double share = 1.0 / (2 * radius + 1);
    for (int i = 0; i < count; i++) {
      to[start + stride * i] = (float) (sum * share);
      sum += from[start + stride * Math.min(i + radius + 1, count - 1)];
      sum -= from[start + stride * Math.max(i - radius, 0)];
    }
  }
}
