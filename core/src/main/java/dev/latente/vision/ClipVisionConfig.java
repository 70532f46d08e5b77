package dev.latente.vision;

import dev.latente.nn.ClipActivation;

/// The sizes of a CLIP vision transformer, named as in transformers' `image_encoder/config.json`.
///
/// @param hiddenSize width of the hidden states
/// @param intermediateSize width inside each feed-forward layer
/// @param numHiddenLayers transformer layers
/// @param numAttentionHeads heads of each attention
/// @param imageSize side of the pictures it takes, in pixels
/// @param patchSize side of the squares that become tokens, in pixels
/// @param hiddenAct the feed-forward layers' activation
/// @param layerNormEps added to each variance
/// @param projectionDim width of the projected picture
public record ClipVisionConfig(
    int hiddenSize,
    int intermediateSize,
    int numHiddenLayers,
    int numAttentionHeads,
    int imageSize,
    int patchSize,
    ClipActivation hiddenAct,
    double layerNormEps,
    int projectionDim) {

  public ClipVisionConfig {
    positive("hidden_size", hiddenSize);
    positive("intermediate_size", intermediateSize);
    positive("num_hidden_layers", numHiddenLayers);
    positive("num_attention_heads", numAttentionHeads);
    positive("image_size", imageSize);
    positive("patch_size", patchSize);
    positive("projection_dim", projectionDim);
    if (hiddenSize % numAttentionHeads != 0) {
      throw new IllegalArgumentException(
          "num_attention_heads must divide hidden_size: %d does not divide %d"
              .formatted(numAttentionHeads, hiddenSize));
    }
    if (patchSize > imageSize) {
      throw new IllegalArgumentException(
          "patch_size must be at most image_size %d: %d".formatted(imageSize, patchSize));
    }
    if (!(layerNormEps > 0)) {
      throw new IllegalArgumentException("layer_norm_eps must be positive: " + layerNormEps);
    }
  }

  /// How many tokens a picture becomes: its squares, and one for the whole.
  public int tokens() {
    int side = imageSize / patchSize;
    return side * side + 1;
  }

  private static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
