package dev.latente.scenes.draw;

import dev.latente.scenes.draw.Stage.Spot;
import java.util.List;

/// Makes the depth map: sky 0, far hills nearly so, the ground nearer towards the lower edge, a
/// thing as near as its foot.
final class Depth {
  private static final float FAR_HILLS = 0.04f;

  private Depth() {}

  static float[] map(
      Stage stage, List<Spot> spots, List<boolean[]> masks, Pixels far, int width, int height) {
    float[] depth = new float[width * height];
    for (int x = 0; x < width; x++) {
      // Below a far edge there is no sky: a gap between two peaks counts as one of them.
      boolean behind = false;
      for (int y = 0; y < height; y++) {
        double row = (y + 0.5) / height;
        behind |= (far.at(2 * x, 2 * y) >>> 24) > 127;
        if (row > stage.horizon()) {
          depth[y * width + x] = (float) stage.depth(row);
        } else if (behind) {
          depth[y * width + x] = FAR_HILLS;
        }
      }
    }
    for (Spot spot : spots) {
      boolean[] mask = masks.get(spot.index());
      for (int i = 0; i < mask.length; i++) {
        if (mask[i]) {
          depth[i] = (float) spot.depth();
        }
      }
    }
    return depth;
  }
}
