package dev.latente.scenes.draw;

import java.util.List;

/// A scene drawn plainly, and what a manner needs to know of it.
///
/// @param plain the plain picture
/// @param masks per thing, where it is
/// @param depth 1 = nearest, 0 = the sky
record Drawn(Stage stage, Pixels plain, List<boolean[]> masks, float[] depth) {
  boolean thing(int i) {
    for (boolean[] mask : masks) {
      if (mask[i]) {
        return true;
      }
    }
    return false;
  }
}
