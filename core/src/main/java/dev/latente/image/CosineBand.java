package dev.latente.image;

import java.util.Arrays;

/// The lowest frequencies of a plane by a cosine transform of the whole of it.
///
/// Coefficient (u, v) stands for u half-waves along the width and v along the height, whatever the
/// plane's size: that is why resizing keeps it. The transform is orthonormal: [Ahmed, Natarajan &
/// Rao (1974)](https://doi.org/10.1109/T-C.1974.223784).
///
/// @param side how many frequencies along each side
/// @param columns `[side, width]`: each half-wave along the width
/// @param rows `[side, height]`
@SuppressWarnings("ArrayRecordComponent") // seen in this package only, and never compared
record CosineBand(int side, float[][] columns, float[][] rows) {
  /// The `side` x `side` lowest frequencies of planes of `width` x `height`.
  static CosineBand of(int width, int height, int side) {
    float[][] columns = waves(width, side);
    return new CosineBand(side, columns, width == height ? columns : waves(height, side));
  }

  private static float[][] waves(int length, int side) {
    float[][] waves = new float[side][length];
    for (int u = 0; u < side; u++) {
      double scale = Math.sqrt((u == 0 ? 1.0 : 2.0) / length);
      for (int x = 0; x < length; x++) {
        waves[u][x] = (float) (scale * StrictMath.cos(Math.PI * (x + 0.5) * u / length));
      }
    }
    return waves;
  }

  /// The coefficients `[side, side]`, by v and u, of `plane` `[height, width]`.
  float[] analyse(float[] plane) {
    int width = columns[0].length;
    float[] coefficients = new float[side * side];
    float[] line = new float[width];
    for (int v = 0; v < side; v++) {
      Arrays.fill(line, 0);
      for (int y = 0; y < rows[v].length; y++) {
        float weight = rows[v][y];
        int from = y * width;
        for (int x = 0; x < width; x++) {
          line[x] += weight * plane[from + x];
        }
      }
      for (int u = 0; u < side; u++) {
        coefficients[v * side + u] = dot(line, columns[u]);
      }
    }
    return coefficients;
  }

  /// The plane `[height, width]` that has these coefficients and no others.
  float[] synthesise(float[] coefficients) {
    int width = columns[0].length;
    int height = rows[0].length;
    float[] plane = new float[width * height];
    float[] line = new float[width];
    for (int v = 0; v < side; v++) {
      Arrays.fill(line, 0);
      for (int u = 0; u < side; u++) {
        float weight = coefficients[v * side + u];
        for (int x = 0; x < width; x++) {
          line[x] += weight * columns[u][x];
        }
      }
      for (int y = 0; y < height; y++) {
        float weight = rows[v][y];
        int to = y * width;
        for (int x = 0; x < width; x++) {
          plane[to + x] += weight * line[x];
        }
      }
    }
    return plane;
  }

  private static float dot(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
