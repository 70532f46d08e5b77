package dev.latente.vae;

import dev.latente.nn.GroupNorm;
import dev.latente.tensor.Tensor;

/// Where the means and variances of group normalizations come from.
@FunctionalInterface
interface Norms {
  /// From the map that is normalized, as the network was trained.
  Norms OWN = GroupNorm::forward;

  /// `x` `[N, C, H, W]`, normalized as `norm` says.
  Tensor apply(GroupNorm norm, Tensor x);
}
