package dev.latente.scenes.judge;

import java.util.List;
import java.util.stream.IntStream;

/// The cells of a picture that lie on its things or near them.
final class Surroundings {
  private static final int MARGIN = 3; // cells

  private Surroundings() {}

  /// Indices of the cells, row by row, within each thing's bounding box and 3 cells around it.
  ///
  /// @param masks per thing, which of `side` x `side` pixels show it
  /// @param grid cells on a side, a divisor of `side`
  static int[] of(List<boolean[]> masks, int side, int grid) {
    boolean[] near = new boolean[grid * grid];
    for (boolean[] mask : masks) {
      mark(near, mask, side, grid);
    }
    return IntStream.range(0, near.length).filter(i -> near[i]).toArray();
  }

  private static void mark(boolean[] near, boolean[] mask, int side, int grid) {
    int[] shown = IntStream.range(0, mask.length).filter(i -> mask[i]).toArray();
    if (shown.length == 0) {
      return;
    }
    int cell = side / grid;
    int left = IntStream.of(shown).map(i -> i % side).min().getAsInt() / cell - MARGIN;
    int right = IntStream.of(shown).map(i -> i % side).max().getAsInt() / cell + MARGIN;
    int top = shown[0] / side / cell - MARGIN;
    int bottom = shown[shown.length - 1] / side / cell + MARGIN;
    for (int y = Math.max(top, 0); y <= Math.min(bottom, grid - 1); y++) {
      for (int x = Math.max(left, 0); x <= Math.min(right, grid - 1); x++) {
        near[y * grid + x] = true;
      }
    }
  }
}
