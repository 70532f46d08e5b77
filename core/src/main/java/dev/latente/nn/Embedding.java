package dev.latente.nn;

import dev.latente.tensor.Tensor;

/// A table of vectors, one for each id.
///
/// @param weight `[ids, D]`
public record Embedding(Tensor weight) implements Layer {
  /// A table of `count` vectors of `features` numbers.
  public static Embedding of(Weights weights, int count, int features, Init init) {
    return new Embedding(weights.matrix("weight", init, count, features));
  }

  /// The vectors of `ids` `[…]`: `[…, D]`.
  @Override
  public Tensor forward(Tensor ids) {
    return weight.embedding(ids);
  }
}
