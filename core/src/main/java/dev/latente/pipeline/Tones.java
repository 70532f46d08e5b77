package dev.latente.pipeline;

import dev.latente.sampling.Denoiser;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// Gives estimates of clean latents the mean and the contrast of other latents, channel by channel:
/// adaptive instance normalisation, [Huang and Belongie (2017)](https://arxiv.org/abs/1703.06868),
/// equation 8.
///
/// @param seen latents of pictures, `[K, C, h, w]`; of their means and deviations the mean counts
/// @param share how much of it, 0 to 1
record Tones(Tensor seen, double share) {
  private static final double EPSILON = 1e-5; // of the paper's code

  /// `inner`, each estimate of which is given these tones.
  Denoiser around(Denoiser inner) {
    return (x, level) -> given(inner.denoise(x, level));
  }

  /// `estimate` `[N, C, H, W]` with these tones, the same shape.
  Tensor given(Tensor estimate) {
    return Scope.tidy(() -> {
      Tensor centre = estimate.mean(2, 3); // [N, C, 1, 1]
      Tensor wanted = deviation(seen).mean(0); // [1, C, 1, 1]
      Tensor toned =
          estimate
              .minus(centre)
              .times(wanted.dividedBy(deviation(estimate)))
              .plus(seen.mean(2, 3).mean(0));
      return estimate.times(1 - share).plus(toned.times(share));
    });
  }

  private static Tensor deviation(Tensor x) {
    return x.minus(x.mean(2, 3)).square().mean(2, 3).plus(EPSILON).sqrt();
  }
}
