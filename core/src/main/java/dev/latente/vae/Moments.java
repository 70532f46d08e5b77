package dev.latente.vae;

import dev.latente.tensor.Tensor;

/// The normal distribution an encoder gives for a picture's latents: [Kingma & Welling
/// (2013)](https://arxiv.org/abs/1312.6114).
///
/// @param mean `[N, C, H, W]`
/// @param logVariance natural logarithms of the variances, -30 to 20, same shape
public record Moments(Tensor mean, Tensor logVariance) {
  private static final double MIN_LOG_VARIANCE = -30;
  private static final double MAX_LOG_VARIANCE = 20;

  /// Splits `[N, 2C, H, W]` into mean and log variance.
  static Moments of(Tensor both) {
    Tensor[] halves = both.chunk(2, 1);
    return new Moments(halves[0], halves[1].clamp(MIN_LOG_VARIANCE, MAX_LOG_VARIANCE));
  }

  /// Latents drawn from the distribution with standard normal `noise` `[N, C, H, W]`.
  public Tensor sample(Tensor noise) {
    return mean.plus(logVariance.times(0.5).exp().times(noise));
  }

  /// The Kullback-Leibler divergence from the standard normal distribution, mean over all latents,
  /// in nats.
  public Tensor divergence() {
    return mean.square().plus(logVariance.exp()).minus(logVariance).plus(-1).mean().times(0.5);
  }
}
