package dev.latente.nn;

import dev.latente.tensor.Tensor;
import java.util.List;

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

  /// More to gather from, apart from the context: what is found is weighed and added.
  ///
  /// [Ye et al. (2023)](https://arxiv.org/abs/2308.06721), equation 5.
  ///
  /// @param keys `[N, S, D]`
  /// @param values `[N, S, D]`
  public record Extra(Tensor keys, Tensor values, double weight) {}

  /// What it makes of a context.
  ///
  /// @param keys `[N, heads, S, D/heads]`
  /// @param values `[N, heads, S, D/heads]`
  public record Seen(Tensor keys, Tensor values) {
    /// Of `count` times as many, each row `count` times, one after the other.
    public Seen each(int count) {
      return new Seen(Rows.each(keys, count), Rows.each(values, count));
    }

    /// Keeps both past the scopes they were made in, until [#release].
    public Seen retain() {
      return new Seen(keys.retain(), values.retain());
    }

    /// Gives back what [#retain] kept.
    public void release() {
      keys.release();
      values.release();
    }
  }

  /// What it makes of `context` `[N, S, E]`.
  public Seen see(Tensor context) {
    return new Seen(split(toK.forward(context)), split(toV.forward(context)));
  }

  /// What each of `x` `[N, L, D]` gathers from `context` `[N, S, E]`: `[N, L, D]`.
  public Tensor forward(Tensor x, Tensor context) {
    return toOut.forward(found(x, see(context), List.of()));
  }

  /// As [#forward] of the context that was `seen`, with what is found in `extras` added to what is
  /// gathered, and `other` `[N, L, D]` to the result.
  public Tensor forwardPlus(Tensor x, Seen seen, List<Extra> extras, Tensor other) {
    return toOut.forwardPlus(found(x, seen, extras), other);
  }

  private Tensor found(Tensor x, Seen seen, List<Extra> extras) {
    Tensor q = split(toQ.forward(x)); // [N, heads, L, D/heads]
    Tensor h = joined(q.attention(seen.keys(), seen.values(), false));
    for (Extra extra : extras) {
      Tensor found = q.attention(split(extra.keys()), split(extra.values()), false);
      h = h.plus(joined(found).times(extra.weight()));
    }
    return h;
  }

  /// `[N, heads, L, D/heads]` as `[N, L, D]`.
  private static Tensor joined(Tensor h) {
    return h.transpose(1, 2).reshape(h.size(0), h.size(2), -1);
  }

  private Tensor split(Tensor x) {
    return x.reshape(x.size(0), x.size(1), heads, -1).transpose(1, 2);
  }
}
