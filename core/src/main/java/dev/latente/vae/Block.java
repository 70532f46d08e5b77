package dev.latente.vae;

import dev.latente.nn.Layer;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.List;

/// A part of an autoencoder that a tile of a map can be taken through: it is told how to normalize.
@FunctionalInterface
interface Block {
  /// What the block makes of `x` `[N, C, H, W]`.
  Tensor forward(Tensor x, Norms norms);

  /// The same for a whole map.
  default Tensor forward(Tensor x) {
    return forward(x, Norms.OWN);
  }

  /// A block that normalizes nothing.
  static Block of(Layer layer) {
    return (x, _) -> layer.forward(x);
  }

  /// Takes `x` through `blocks`, one after the other; each result is freed when the next is there.
  static Tensor chain(List<? extends Block> blocks, Tensor x, Norms norms) {
    if (blocks.isEmpty()) {
      return x;
    }
    List<? extends Block> before = blocks.subList(0, blocks.size() - 1);
    return Scope.tidy(() -> blocks.getLast().forward(chain(before, x, norms), norms));
  }
}
