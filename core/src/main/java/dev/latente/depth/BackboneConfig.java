package dev.latente.depth;

import java.util.List;

/// What sees the picture, and which of its features are used.
public sealed interface BackboneConfig {
  /// The transformer.
  VitConfig vit();

  /// A plain vision transformer.
  ///
  /// @param layers counted from 0, whose outputs are used
  /// @param normalised whether these go through the final norm
  record Plain(VitConfig vit, List<Integer> layers, boolean normalised) implements BackboneConfig {
    public Plain {
      layers = List.copyOf(layers);
      requireLayers(vit, layers);
    }
  }

  /// A convolutional network whose features a transformer goes on with: DPT hybrid.
  ///
  /// @param bit the convolutional network; the outputs of its first two stages are used
  /// @param layers counted from 0, whose outputs are used beside those
  record Hybrid(VitConfig vit, BitConfig bit, List<Integer> layers) implements BackboneConfig {
    public Hybrid {
      layers = List.copyOf(layers);
      requireLayers(vit, layers);
    }
  }

  private static void requireLayers(VitConfig vit, List<Integer> layers) {
    for (int layer : layers) {
      if (layer < 0 || layer >= vit.layers()) {
        throw new IllegalArgumentException(
            "layers whose features are used must be from 0 to %d: %s"
                .formatted(vit.layers() - 1, layers));
      }
    }
  }
}
