package dev.latente.pipeline;

import dev.latente.image.Picture;
import dev.latente.sampling.Sigmas;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;

/// How much each element of latents is to change: of each square of pixels the first, as diffusers
/// takes it.
///
/// An element of 255 is redrawn in all steps, one of 0 in none, and one between from a step on that
/// lies the later the less it is, as in differential diffusion, [Levin and Fried
/// (2023)](https://arxiv.org/abs/2306.00950), algorithm 1: before step `i` of `n`, it is kept if `1
/// - value / 255 > i / n`.
///
/// Its values are from 0 to 255, row after row.
final class LatentMask {
  private static final int ALL = 255;

  private final int width;
  private final int height;
  private final int[] values;

  private LatentMask(int width, int height, int[] values) {
    this.width = width;
    this.height = height;
    this.values = values;
  }

  /// That of a grey `mask` for latents of a size.
  static LatentMask of(Picture mask, int width, int height) {
    int[] values = new int[width * height];
    for (int i = 0; i < values.length; i++) {
      int x = i % width * mask.width() / width;
      int y = i / width * mask.height() / height;
      values[i] = mask.at(x, y) >> 8 & 0xff; // grey: all channels are the same
    }
    return new LatentMask(width, height, values);
  }

  /// Whether some elements are to change, but not in all steps.
  boolean isSoft() {
    for (int value : values) {
      if (value != 0 && value != ALL) {
        return true;
      }
    }
    return false;
  }

  /// The elements that are redrawn in step `step` of `steps`: `[1, 1, height, width]`, 1 or 0. For
  /// `step == steps`, those that were redrawn at all.
  Tensor redrawn(int step, int steps) {
    float[] redrawn = new float[values.length];
    for (int i = 0; i < redrawn.length; i++) {
      boolean kept =
          step == steps ? values[i] == 0 : (long) (ALL - values[i]) * steps > (long) ALL * step;
      redrawn[i] = kept ? 0 : 1;
    }
    return Tensor.of(redrawn, 1, 1, height, width);
  }

  /// The share to which each element is to change, `[1, 1, height, width]`.
  Tensor shares() {
    float[] shares = new float[values.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = values[i] / (float) ALL;
    }
    return Tensor.of(shares, 1, 1, height, width);
  }

  /// 1 where an element changes by at least a half, `[1, 1, height, width]`: models that see a mask
  /// were not trained with greys.
  Tensor rounded() {
    float[] rounded = new float[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = values[i] >= (ALL + 1) / 2 ? 1 : 0;
    }
    return Tensor.of(rounded, 1, 1, height, width);
  }

  /// The step of `sigmas` that an estimate at the noise level `sigma` is for.
  static int step(Sigmas sigmas, double sigma) {
    int step = 0;
    while (step < sigmas.steps() - 1 && sigmas.sigma(step + 1) >= sigma * (1 - 1e-9)) {
      step++;
    }
    return step;
  }

  /// `drawn` where `redrawn` is 1, and `kept` where it is 0.
  static Tensor mixed(Tensor kept, Tensor drawn, Tensor redrawn) {
    return Scope.tidy(() -> {
      Tensor rest = Tensor.full(1, 1).like(redrawn).minus(redrawn);
      return kept.times(rest).plus(drawn.times(redrawn));
    });
  }
}
