package dev.latente.vae;

import dev.latente.nn.GroupNorm;
import dev.latente.tensor.Tensor;

/// Where the means and variances of group normalizations come from.
interface Norms {
  /// From the map that is normalized, as the network was trained.
  Norms OWN =
      new Norms() {
        @Override
        public Tensor apply(GroupNorm norm, Tensor x) {
          return norm.forward(x);
        }

        @Override
        public Tensor activated(GroupNorm norm, Tensor x, boolean last) {
          return norm.activated(x, last);
        }
      };

  /// `x` `[N, C, H, W]`, normalized as `norm` says.
  Tensor apply(GroupNorm norm, Tensor x);

  /// `x` normalized, and then through SiLU.
  ///
  /// @param last whether nothing else uses `x`, now or later: its memory may be used again
  default Tensor activated(GroupNorm norm, Tensor x, boolean last) {
    return apply(norm, x).silu();
  }
}
