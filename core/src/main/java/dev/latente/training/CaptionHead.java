package dev.latente.training;

import dev.latente.nn.Attention;
import dev.latente.nn.Init;
import dev.latente.nn.Linear;
import dev.latente.nn.Weights;
import dev.latente.tensor.Tensor;

/// Gathers a text's hidden states into one vector, to be held against pictures'.
///
/// A learned query looks at all tokens. CLIP takes the state of the end token alone; a text encoder
/// that was made for a U-Net's cross-attention has little there.
///
/// @param query `[1, D]`
/// @param attention of the query to the hidden states
/// @param projection from `D` to the vectors' width
record CaptionHead(Tensor query, Attention attention, Linear projection) {
  private static final int HEADS = 4;

  /// A head for hidden states of `width` features, a multiple of 4.
  static CaptionHead of(Weights weights, int width, int projected) {
    return new CaptionHead(
        weights.tensor("query", Init.normal(1), 1, width),
        Attention.of(weights.at("attention"), width, width, HEADS),
        Linear.withoutBias(weights.at("projection"), width, projected));
  }

  /// Vectors `[N, P]` of hidden states `[N, L, D]`.
  Tensor forward(Tensor hidden) {
    long n = hidden.size(0);
    Tensor asked = query.reshape(1, 1, -1).expand(n, 1, query.size(1));
    return projection.forward(attention.forward(asked, hidden).reshape(n, -1));
  }
}
