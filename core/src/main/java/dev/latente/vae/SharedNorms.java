package dev.latente.vae;

import dev.latente.nn.GroupNorm;
import dev.latente.tensor.Fused;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/// Normalizes each tile of a map with the means and variances that were measured on another map,
/// such as a small copy of the whole. Not thread-safe.
final class SharedNorms implements Norms {
  /// Of each group of each sample, `[N · groups, 1]`.
  @SuppressWarnings("ArrayRecordComponent") // seen in this file only, and never compared
  private record Statistics(float[] mean, float[] variance) {}

  private final Map<GroupNorm, Statistics> known = new IdentityHashMap<>();

  /// Norms that normalize a map by its own numbers, and keep them.
  Norms measuring() {
    return (norm, x) -> {
      known.put(norm, measured(norm, x));
      return norm.forward(x);
    };
  }

  private static Statistics measured(GroupNorm norm, Tensor x) {
    try (Scope _ = Scope.open()) {
      Tensor flat = x.to(Precision.F32).reshape(x.size(0) * norm.groups(), -1);
      Tensor mean = flat.mean(1);
      Tensor variance = flat.minus(mean).square().mean(1);
      return new Statistics(mean.toFloatArray(), variance.toFloatArray());
    }
  }

  @Override
  public Tensor apply(GroupNorm norm, Tensor x) {
    Statistics shared = known.get(norm);
    return shared == null
        ? norm.forward(x)
        : Scope.tidy(() -> {
          Line line = Line.of(norm, shared, x);
          return x.times(line.scale).plus(line.shift);
        });
  }

  @Override
  public Tensor activated(GroupNorm norm, Tensor x, boolean last) {
    Statistics shared = known.get(norm);
    return shared == null
        ? norm.activated(x, last)
        : Scope.tidy(() -> {
          Line line = Line.of(norm, shared, x);
          return Fused.scaledSilu(x, line.scale, line.shift, last);
        });
  }

  /// What each channel is multiplied by and what is added then, `[N, C, 1, 1]` both.
  private record Line(Tensor scale, Tensor shift) {
    static Line of(GroupNorm norm, Statistics shared, Tensor x) {
      float[] inverse = new float[shared.variance().length];
      for (int i = 0; i < inverse.length; i++) {
        inverse[i] = (float) (1 / Math.sqrt(shared.variance()[i] + norm.epsilon()));
      }
      Tensor scale = perChannel(inverse, norm, x).times(norm.weight().reshape(1, -1, 1, 1));
      Tensor mean = perChannel(shared.mean(), norm, x);
      return new Line(scale, norm.bias().reshape(1, -1, 1, 1).minus(mean.times(scale)));
    }
  }

  /// A number of each group, `[N · groups]`, as one of each channel: `[N, C, 1, 1]`.
  private static Tensor perChannel(float[] values, GroupNorm norm, Tensor x) {
    long n = x.size(0);
    long groups = norm.groups();
    long channels = x.size(1);
    return Tensor.of(values, n, groups, 1)
        .like(x)
        .expand(n, groups, channels / groups)
        .reshape(n, channels, 1, 1);
  }
}
