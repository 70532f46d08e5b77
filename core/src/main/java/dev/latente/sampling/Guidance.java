package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.Arrays;

/// Classifier-free guidance: [Ho and Salimans (2022)](https://arxiv.org/abs/2207.12598), equation
/// 6, on the network's raw outputs.
///
/// @param scale how far to go from the estimate without the prompt toward that with it, and past it
///   if above 1; at 1 or less only the one with the prompt is used
/// @param rescale how much of the contrast that guidance adds is taken back, 0 to 1: [Lin et al.
///   (2023)](https://arxiv.org/abs/2305.08891), section 3.4
public record Guidance(double scale, double rescale) {
  public Guidance {
    if (!(scale >= 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("guidance must be finite and at least 0: " + scale);
    }
    if (!(rescale >= 0 && rescale <= 1)) {
      throw new IllegalArgumentException("guidance rescale must be from 0 to 1: " + rescale);
    }
  }

  /// Guidance of the given scale without rescaling.
  public static Guidance of(double scale) {
    return new Guidance(scale, 0);
  }

  /// Whether both estimates are needed.
  public boolean isActive() {
    return scale > 1;
  }

  /// A network that answers for N pictures by asking `pair` for 2N at once.
  ///
  /// @param pair asked with each picture twice, `[2N, C, H, W]`: the first N without the prompt,
  ///   the last N with it
  public NoisePredictor guide(NoisePredictor pair) {
    return (x, timestep) ->
        Scope.tidy(() -> {
          Tensor[] both = pair.predict(Tensor.concat(0, x, x), timestep).chunk(2, 0);
          return mix(both[0], both[1]);
        });
  }

  /// The guided estimate of `without` and `with` the prompt, both `[N, C, H, W]`.
  public Tensor mix(Tensor without, Tensor with) {
    Tensor guided = without.plus(with.minus(without).times(scale));
    if (rescale == 0) {
      return guided;
    }
    Tensor ratio = deviation(with).dividedBy(deviation(guided)); // [N, 1, 1, 1]
    return guided.times(ratio.times(rescale).plus(1 - rescale));
  }

  /// The deviation of each picture's numbers, `[N, 1, 1, 1]`.
  private static Tensor deviation(Tensor x) {
    long pictures = x.size(0);
    Tensor flat = x.reshape(pictures, -1);
    Tensor centred = flat.minus(flat.mean(1));
    long[] shape = x.shape();
    Arrays.fill(shape, 1, shape.length, 1);
    return centred.square().mean(1).sqrt().reshape(shape);
  }
}
