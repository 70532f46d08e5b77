package dev.latente.preprocess;

import dev.latente.image.Picture;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// White edges on black: [Canny (1986)](https://doi.org/10.1109/TPAMI.1986.4767851), with OpenCV's
/// choices, which the published control networks were trained with.
///
/// Gradients are Sobel's 3×3, their size is `|dx| + |dy|`; of the three colours the one that
/// changes most counts.
///
/// @param low what is an edge if it goes on from a sure one
/// @param high what is surely an edge
public record Canny(int low, int high) implements Preprocessor {
  /// The thresholds that ControlNet's own tools begin with.
  public static final Canny USUAL = new Canny(100, 200);

  private static final int CHANNELS = 3;

  /// The tangent of 22.5°, with [#SHIFT] binary places.
  private static final int TANGENT = 13573;

  private static final int SHIFT = 15;

  public Canny {
    if (low < 0 || high < low) {
      throw new IllegalArgumentException(
          "canny's thresholds must be LOW,HIGH with 0 <= LOW <= HIGH: %d,%d".formatted(low, high));
    }
  }

  /// The gradient of each pixel's strongest colour, row after row.
  private record Gradients(int width, int height, int[] dx, int[] dy, int[] size) {
    /// The size at a place; nothing changes outside.
    int at(int x, int y) {
      return x < 0 || y < 0 || x >= width || y >= height ? 0 : size[y * width + x];
    }
  }

  @Override
  public Picture apply(Picture picture) {
    Gradients gradients = gradients(picture);
    boolean[] possible = ridges(gradients);
    boolean[] edges = connected(gradients, possible);
    byte[] rgb = new byte[CHANNELS * edges.length];
    for (int i = 0; i < edges.length; i++) {
      Arrays.fill(rgb, CHANNELS * i, CHANNELS * (i + 1), (byte) (edges[i] ? 255 : 0));
    }
    return Picture.of(picture.width(), picture.height(), rgb);
  }

  private static Gradients gradients(Picture picture) {
    int width = picture.width();
    int height = picture.height();
    byte[] rgb = picture.rgb();
    int pixels = width * height;
    Gradients all = new Gradients(width, height, new int[pixels], new int[pixels], new int[pixels]);
    Arrays.fill(all.size(), -1);
    int[] corner = new int[9];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int channel = 0; channel < CHANNELS; channel++) {
          around(rgb, width, height, x, y, channel, corner);
          int dx = corner[2] - corner[0] + 2 * (corner[5] - corner[3]) + corner[8] - corner[6];
          int dy = corner[6] - corner[0] + 2 * (corner[7] - corner[1]) + corner[8] - corner[2];
          int size = Math.abs(dx) + Math.abs(dy);
          int at = y * width + x;
          if (size > all.size()[at]) {
            all.dx()[at] = dx;
            all.dy()[at] = dy;
            all.size()[at] = size;
          }
        }
      }
    }
    return all;
  }

  /// The 3×3 values around a pixel; those outside are the border's.
  private static void around(
      byte[] rgb, int width, int height, int x, int y, int channel, int[] values) {
    int to = 0;
    for (int row = y - 1; row <= y + 1; row++) {
      int line = Math.clamp(row, 0, height - 1) * width;
      for (int column = x - 1; column <= x + 1; column++) {
        int pixel = line + Math.clamp(column, 0, width - 1);
        values[to++] = rgb[CHANNELS * pixel + channel] & 0xff;
      }
    }
  }

  /// The pixels above the lower threshold that change most among their neighbours across the edge.
  private boolean[] ridges(Gradients gradients) {
    boolean[] ridges = new boolean[gradients.size().length];
    for (int y = 0; y < gradients.height(); y++) {
      for (int x = 0; x < gradients.width(); x++) {
        int at = y * gradients.width() + x;
        ridges[at] = gradients.size()[at] > low && isRidge(gradients, x, y);
      }
    }
    return ridges;
  }

  private static boolean isRidge(Gradients gradients, int x, int y) {
    int at = y * gradients.width() + x;
    int size = gradients.size()[at];
    int dx = gradients.dx()[at];
    int dy = gradients.dy()[at];
    long down = (long) Math.abs(dy) << SHIFT;
    long flat = (long) Math.abs(dx) * TANGENT;
    long steep = flat + ((long) Math.abs(dx) << (SHIFT + 1)); // tan 67.5° = tan 22.5° + 2
    if (down < flat) {
      return size > gradients.at(x - 1, y) && size >= gradients.at(x + 1, y);
    }
    if (down > steep) {
      return size > gradients.at(x, y - 1) && size >= gradients.at(x, y + 1);
    }
    int side = (dx ^ dy) < 0 ? -1 : 1;
    return size > gradients.at(x - side, y - 1) && size > gradients.at(x + side, y + 1);
  }

  /// The possible edges that are sure, and those that go on from them.
  private boolean[] connected(Gradients gradients, boolean[] possible) {
    boolean[] edges = new boolean[possible.length];
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < possible.length; i++) {
      if (possible[i] && gradients.size()[i] > high) {
        edges[i] = true;
        open.push(i);
      }
    }
    int width = gradients.width();
    while (!open.isEmpty()) {
      int at = open.pop();
      int left = Math.max(0, at % width - 1);
      int right = Math.min(width - 1, at % width + 1);
      int top = Math.max(0, at / width - 1);
      int bottom = Math.min(gradients.height() - 1, at / width + 1);
      for (int y = top; y <= bottom; y++) {
        for (int x = left; x <= right; x++) {
          int next = y * width + x;
          if (possible[next] && !edges[next]) {
            edges[next] = true;
            open.push(next);
          }
        }
      }
    }
    return edges;
  }
}
