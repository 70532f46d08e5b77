package dev.latente.image;

import java.util.Arrays;

/// Masks that fade towards their own border, so that what is pasted through them shows no edge, and
/// nothing outside is touched.
public final class Feather {
  private Feather() {}

  /// `mask`, each of whose white parts is the fainter the nearer to its border, over `pixels`
  /// pixels; thin parts, which have no inside so deep, fade from their middle. The picture's own
  /// border is none.
  ///
  /// @param mask grey
  /// @param pixels how broad the fading is, 0 or more
  public static Picture inwards(Picture mask, int pixels) {
    if (pixels == 0) {
      return mask;
    }
    int width = mask.width();
    int height = mask.height();
    int[] depth = depth(mask, pixels);
    int[] deepest = most(depth, width, height, pixels);
    byte[] rgb = mask.rgb();
    for (int i = 0; i < depth.length; i++) {
      int whole = Math.max(deepest[i], 1);
      for (int c = 3 * i; c < 3 * i + 3; c++) {
        rgb[c] = (byte) (((rgb[c] & 0xff) * depth[i] + whole / 2) / whole);
      }
    }
    return new Picture(width, height, rgb);
  }

  /// How many steps (also diagonal ones) each pixel is from the nearest black one, up to `most` +
  /// 1.
  private static int[] depth(Picture mask, int most) {
    int width = mask.width();
    int height = mask.height();
    int[] depth = new int[width * height];
    for (int i = 0; i < depth.length; i++) {
      depth[i] = mask.at(i % width, i / width) == 0 ? 0 : most + 1;
    }
    for (int i = 0; i < depth.length; i++) {
      depth[i] = Math.min(depth[i], 1 + nearest(depth, width, height, i, -1));
    }
    for (int i = depth.length - 1; i >= 0; i--) {
      depth[i] = Math.min(depth[i], 1 + nearest(depth, width, height, i, 1));
    }
    return depth;
  }

  /// The least depth of a pixel's neighbours that were seen before it, on the way `towards`.
  private static int nearest(int[] depth, int width, int height, int pixel, int towards) {
    int x = pixel % width;
    int y = pixel / width;
    int least = Integer.MAX_VALUE - 1;
    int row = y + towards;
    if (row >= 0 && row < height) {
      for (int column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        least = Math.min(least, depth[row * width + column]);
      }
    }
    int beside = x + towards;
    return beside >= 0 && beside < width ? Math.min(least, depth[y * width + beside]) : least;
  }

  /// The greatest value within `reach` columns and rows of each pixel.
  private static int[] most(int[] values, int width, int height, int reach) {
    int[] across = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      int row = i / width * width;
      int from = Math.max(row, i - reach);
      int to = Math.min(row + width - 1, i + reach);
      across[i] = Arrays.stream(values, from, to + 1).max().orElse(0);
    }
    int[] all = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      int y = i / width;
      int most = 0;
      for (int row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) {
        most = Math.max(most, across[row * width + i % width]);
      }
      all[i] = most;
    }
    return all;
  }
}
