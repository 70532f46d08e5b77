package dev.latente.depth;

/// The sizes of a vision transformer.
///
/// @param hiddenSize width of a patch's features
/// @param layers number of layers
/// @param heads number of attention heads
/// @param intermediateSize width inside the feed-forward layers
/// @param layerNormEps added to each variance
/// @param imageSize side in pixels of the pictures it was trained on
/// @param patchSize side of a patch in pixels
/// @param scaled whether each layer's additions are scaled by a weight (DINOv2)
/// @param gated whether the feed-forward layers have a gated unit (DINOv2's largest)
/// @param positions how the learned positions are brought to another number of patches
public record VitConfig(
    int hiddenSize,
    int layers,
    int heads,
    int intermediateSize,
    double layerNormEps,
    int imageSize,
    int patchSize,
    boolean scaled,
    boolean gated,
    Positions positions) {
  /// How positions are interpolated.
  public enum Positions {
    /// DPT.
    BILINEAR,
    /// DINOv2.
    BICUBIC
  }

  public VitConfig {
    positive("hidden_size", hiddenSize);
    positive("num_hidden_layers", layers);
    positive("num_attention_heads", heads);
    positive("intermediate_size", intermediateSize);
    positive("image_size", imageSize);
    positive("patch_size", patchSize);
    if (hiddenSize % heads != 0) {
      throw new IllegalArgumentException(
          "num_attention_heads must divide hidden_size: %d does not divide %d"
              .formatted(heads, hiddenSize));
    }
    if (!(layerNormEps > 0)) {
      throw new IllegalArgumentException("layer_norm_eps must be positive: " + layerNormEps);
    }
  }

  /// How many patches fit along a side of the pictures it was trained on.
  public int grid() {
    return imageSize / patchSize;
  }

  static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
