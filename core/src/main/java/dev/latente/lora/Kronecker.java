package dev.latente.lora;

import dev.latente.tensor.Tensor;

/// LoKr, a Kronecker product: [LyCORIS](https://arxiv.org/abs/2309.14859).
///
/// @param first a matrix `[a, b]`
/// @param second `[c, d]` or `[c, d, k, k]`: the product is `[a·c, b·d, k, k]`
/// @param scale `alpha / rank` if one of the two was itself a product, else 1
public record Kronecker(Tensor first, Tensor second, double scale) implements Change {
  @Override
  public Tensor of(Tensor weight) {
    long[] inner = second.shape();
    Tensor outer = first.reshape(first.size(0), 1, first.size(1), 1, 1); // [a, 1, b, 1, 1]
    return outer
        .times(second.reshape(1, inner[0], 1, inner[1], -1)) // [a, c, b, d, k·k]
        .reshape(weight.shape())
        .times(scale);
  }
}
