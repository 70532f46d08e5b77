package dev.latente.training;

import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Tensor;
import dev.latente.vae.Autoencoder;
import dev.latente.vae.Moments;
import java.util.function.LongFunction;

/// What an autoencoder should do: give back the picture, keep edges sharp, keep latents near
/// normal.
///
/// Rombach et al. (2022), appendix G, with gradient differences ([Mathieu et al.
/// (2015)](https://arxiv.org/abs/1511.05440), equation 6) at several scales in the place of a
/// perceptual loss, which would need a pretrained network.
///
/// @param autoencoder the model
/// @param pictures the batch of a step, `[N, 3, H, W]`
/// @param divergenceWeight weight of the Kullback-Leibler term
/// @param edgeWeight weight of the gradient differences
/// @param seed of the latents' noise
record VaeObjective(
    Autoencoder autoencoder,
    LongFunction<Tensor> pictures,
    double divergenceWeight,
    double edgeWeight,
    long seed)
    implements Objective {
  private static final int NOISE = 1;
  private static final int SCALES = 3;

  @Override
  public Tensor loss(long step) {
    Tensor x = pictures.apply(step);
    Moments moments = autoencoder.moments(x);
    RandomNoise noise = RandomNoise.seeded(Seeds.mix(seed, step, NOISE));
    Tensor y = autoencoder.reconstruct(moments.sample(noise.normal(moments.mean().shape())));
    Tensor difference = y.minus(x);
    Tensor loss = difference.abs().mean().plus(difference.square().mean());
    for (int scale = 0; scale < SCALES; scale++) {
      loss = loss.plus(slopes(difference).times(edgeWeight));
      difference = difference.averagePool(2);
    }
    return loss.plus(moments.divergence().times(divergenceWeight));
  }

  /// The mean absolute difference of neighbouring pixels.
  private static Tensor slopes(Tensor x) {
    long height = x.size(2);
    long width = x.size(3);
    Tensor down = x.slice(2, 1, height).minus(x.slice(2, 0, height - 1));
    Tensor across = x.slice(3, 1, width).minus(x.slice(3, 0, width - 1));
    return down.abs().mean().plus(across.abs().mean());
  }
}
