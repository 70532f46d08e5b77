package dev.latente.kernel;

import java.lang.foreign.ValueLayout;

/// A map's surroundings of 3×3 pixels as rows of a matrix, which makes a convolution a product: the
/// way for maps of so few pixels that all their surroundings are small beside the weights.
public final class Patches {
  private static final int SIDE = 3;

  private Patches() {}

  /// Writes the surroundings of each pixel, with zeros outside the picture.
  ///
  /// @param shape whose `out` does not matter
  /// @param x address of `[N, H, W, in]`
  /// @param y address of `[N · H · W, in · 9]`, overwritten
  /// @param threads how many may be used
  public static void of(Winograd.Shape shape, long x, long y, int threads) {
    int rows = shape.pictures() * shape.height();
    new Parallel(threads).run(rows, row -> line(shape, row, x, y));
  }

  private static void line(Winograd.Shape shape, int row, long x, long y) {
    int width = shape.width();
    int taps = SIDE * SIDE;
    long pixel = (long) shape.in() * Float.BYTES;
    for (int w = 0; w < width; w++) {
      long to = y + ((long) row * width + w) * pixel * taps;
      for (int tap = 0; tap < taps; tap++) {
        int dh = tap / SIDE - 1;
        int left = w + tap % SIDE - 1;
        int top = row % shape.height() + dh;
        boolean inside = top >= 0 && top < shape.height() && left >= 0 && left < width;
        long from = x + ((long) (row + dh) * width + left) * pixel;
        for (int c = 0; c < shape.in(); c++) {
          long at = to + ((long) c * taps + tap) * Float.BYTES;
          Lanes.MEMORY.set(
              ValueLayout.JAVA_FLOAT_UNALIGNED,
              at,
              inside ? number(from + (long) c * Float.BYTES) : 0);
        }
      }
    }
  }

  private static float number(long address) {
    return Lanes.MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
  }
}
