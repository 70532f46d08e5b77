package dev.latente.control;

import dev.latente.tensor.Tensor;

/// A network beside the U-Net that is shown a map, such as edges or depth, and tells the U-Net
/// where to draw what.
public sealed interface ControlNetwork permits ControlNet, T2iAdapter {
  /// The channels of its map: 3, or 1 where it was trained on grey ones.
  int mapChannels();

  /// Sides of its map in pixels are multiples of this.
  int multiple();

  /// What it makes of a map, as far as this does not depend on the noise.
  ///
  /// @param map `[1, mapChannels, H, W]`, 0 (black) to 1 (white), the size of the picture
  Guide guide(Tensor map);
}
