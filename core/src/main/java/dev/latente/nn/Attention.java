package dev.latente.nn;

import dev.latente.tensor.Tensor;

/// Multi-head attention: [Vaswani et al. (2017)](https://arxiv.org/abs/1706.03762), section 3.2.
///
/// Names follow the diffusers checkpoint (`Attention`).
///
/// @param heads number of heads, among which the features are divided
public record Attention(Linear toQ, Linear toK, Linear toV, Linear toOut, int heads) {
  /// Attention inside a U-Net: no bias on queries, keys and values.
  ///
  /// @param context features of what is attended to
  public static Attention of(Weights weights, int features, int context, int heads) {
    return new Attention(
        Linear.withoutBias(weights.at("to_q"), features, features),
        Linear.withoutBias(weights.at("to_k"), context, features),
        Linear.withoutBias(weights.at("to_v"), context, features),
        Linear.of(weights.at("to_out.0"), features, features),
        heads);
  }

  /// Attention of pixels to each other with one head and a bias everywhere, as an autoencoder has
  /// it.
  public static Attention withBias(Weights weights, int features) {
    return new Attention(
        Linear.of(weights.at("to_q"), features, features),
        Linear.of(weights.at("to_k"), features, features),
        Linear.of(weights.at("to_v"), features, features),
        Linear.of(weights.at("to_out.0"), features, features),
        1);
  }

  /// What each of `x` `[N, L, D]` gathers from `context` `[N, S, E]`: `[N, L, D]`.
  public Tensor forward(Tensor x, Tensor context) {
    Tensor q = split(toQ.forward(x)); // [N, heads, L, D/heads]
    Tensor k = split(toK.forward(context));
    Tensor v = split(toV.forward(context));
    Tensor h = q.attention(k, v, false).transpose(1, 2); // [N, L, heads, D/heads]
    return toOut.forward(h.reshape(x.size(0), x.size(1), -1));
  }

  private Tensor split(Tensor x) {
    return x.reshape(x.size(0), x.size(1), heads, -1).transpose(1, 2);
  }
}
