package dev.latente.scenes.draw;

import java.awt.image.BufferedImage;
import java.util.List;

/// A drawn scene.
///
/// @param picture the picture, RGB
/// @param depth how near each pixel is, row by row, 1 = nearest, 0 = the sky
/// @param masks per thing of the scene, in its order, which pixels show it, row by row; what a
///   nearer thing hides is not in it
public record Rendering(BufferedImage picture, float[] depth, List<boolean[]> masks) {
  public Rendering {
    masks = List.copyOf(masks);
  }
}
