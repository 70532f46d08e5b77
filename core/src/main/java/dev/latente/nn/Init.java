package dev.latente.nn;

import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Tensor;

/// How a weight begins when a model is built fresh, for training.
@FunctionalInterface
public interface Init {
  /// All zeros.
  Init ZEROS = (noise, shape) -> Tensor.full(0, shape);

  /// All ones.
  Init ONES = (noise, shape) -> Tensor.full(1, shape);

  /// The first values of a weight of the given shape.
  Tensor make(RandomNoise noise, long... shape);

  /// PyTorch's default for convolutions and linear maps: uniform within `±1/√fanIn`.
  ///
  /// This is He et al. (2015) with `a = √5`, [as `nn.Linear` calls
  /// it](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html).
  static Init fanIn(long fanIn) {
    double bound = 1 / Math.sqrt(fanIn);
    return (noise, shape) -> noise.uniform(-bound, bound, shape);
  }

  /// Normal numbers of standard deviation `deviation`.
  static Init normal(double deviation) {
    return (noise, shape) -> noise.normal(shape).times(deviation);
  }
}
