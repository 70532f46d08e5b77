package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.Arrays;

/// What keeps a clean estimate within the range of its data. Latents need none; pixels do.
public sealed interface Limit {
  /// `denoised` `[N, ...]` within the limit.
  Tensor apply(Tensor denoised);

  /// A denoiser whose estimates obey the limit.
  default Denoiser on(Denoiser denoiser) {
    return (x, level) -> apply(denoiser.denoise(x, level));
  }

  /// No limit.
  record None() implements Limit {
    @Override
    public Tensor apply(Tensor denoised) {
      return denoised;
    }

    @Override
    public Denoiser on(Denoiser denoiser) {
      return denoiser;
    }
  }

  /// Values outside `[-bound, bound]` are cut.
  record Range(double bound) implements Limit {
    public Range {
      if (!(bound > 0)) {
        throw new IllegalArgumentException("the bound must be positive: " + bound);
      }
    }

    @Override
    public Tensor apply(Tensor denoised) {
      return denoised.clamp(-bound, bound);
    }
  }

  /// Dynamic thresholding: [Saharia et al. (2022)](https://arxiv.org/abs/2205.11487), section 2.3.
  ///
  /// @param ratio quantile of the absolute values that becomes the bound of its picture, 0 to 1
  /// @param most the greatest bound; the least is 1 if that is not greater
  record Dynamic(double ratio, double most) implements Limit {
    public Dynamic {
      if (!(ratio >= 0 && ratio <= 1) || !(most > 0)) {
        throw new IllegalArgumentException(
            "ratio must be from 0 to 1 and the greatest bound positive: %s, %s"
                .formatted(ratio, most));
      }
    }

    @Override
    public Tensor apply(Tensor denoised) {
      int pictures = Math.toIntExact(denoised.size(0));
      return Scope.tidy(() -> {
        Tensor[] parts = denoised.chunk(pictures, 0);
        Arrays.setAll(parts, i -> apply(parts[i], bound(parts[i])));
        return Tensor.concat(0, parts);
      });
    }

    private static Tensor apply(Tensor picture, double bound) {
      return picture.clamp(-bound, bound).dividedBy(bound);
    }

    private double bound(Tensor picture) {
      float[] sizes = picture.abs().toFloatArray();
      Arrays.sort(sizes);
      double rank = ratio * (sizes.length - 1);
      int low = (int) rank;
      int high = Math.min(low + 1, sizes.length - 1);
      double quantile = sizes[low] + (rank - low) * (sizes[high] - sizes[low]);
      return Math.min(Math.max(quantile, 1), most);
    }
  }
}
