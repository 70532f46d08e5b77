package dev.latente.text;

import dev.latente.nn.ClipActivation;

/// The sizes of a CLIP text transformer, named as in transformers' `text_encoder/config.json`.
///
/// @param vocabSize number of tokens
/// @param hiddenSize width of the hidden states
/// @param intermediateSize width inside each feed-forward layer
/// @param numHiddenLayers transformer layers in the file; SD 2's last one was cut off
/// @param numAttentionHeads heads of each attention
/// @param maxPositionEmbeddings longest text in tokens, with both end marks: 77
/// @param hiddenAct the feed-forward layers' activation
/// @param layerNormEps added to each variance
/// @param projectionDim width of the projected pooled text; used if `withProjection`
/// @param eosTokenId the token the pooled text is taken at; 2 stands for the largest id (old files)
/// @param withProjection whether the pooled text is projected (`CLIPTextModelWithProjection`)
public record ClipTextConfig(
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int numHiddenLayers,
    int numAttentionHeads,
    int maxPositionEmbeddings,
    ClipActivation hiddenAct,
    double layerNormEps,
    int projectionDim,
    int eosTokenId,
    boolean withProjection) {

  /// An end token of this number means the greatest of a text's: the published files have it wrong,
  /// and the end token is the vocabulary's last.
  public static final int GREATEST_ID = 2;

  public ClipTextConfig {
    positive("vocab_size", vocabSize);
    positive("hidden_size", hiddenSize);
    positive("intermediate_size", intermediateSize);
    positive("num_hidden_layers", numHiddenLayers);
    positive("num_attention_heads", numAttentionHeads);
    positive("max_position_embeddings", maxPositionEmbeddings);
    if (hiddenSize % numAttentionHeads != 0) {
      throw new IllegalArgumentException(
          "num_attention_heads must divide hidden_size: %d does not divide %d"
              .formatted(numAttentionHeads, hiddenSize));
    }
    if (!(layerNormEps > 0)) {
      throw new IllegalArgumentException("layer_norm_eps must be positive: " + layerNormEps);
    }
    if (withProjection) {
      positive("projection_dim", projectionDim);
    }
  }

  /// The same encoder for another vocabulary.
  public ClipTextConfig withVocabulary(int size, int endToken) {
    return new ClipTextConfig(
        size,
        hiddenSize,
        intermediateSize,
        numHiddenLayers,
        numAttentionHeads,
        maxPositionEmbeddings,
        hiddenAct,
        layerNormEps,
        projectionDim,
        endToken,
        withProjection);
  }

  private static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
