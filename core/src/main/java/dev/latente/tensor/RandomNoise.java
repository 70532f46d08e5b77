package dev.latente.tensor;

/// A seeded stream of random numbers: exactly those of PyTorch's CPU generator (Mersenne Twister).
///
/// Numbers are drawn on the processor whatever device they are for, so a seed gives the same
/// picture everywhere. Streams are mutable and belong to one thread.
public final class RandomNoise implements NoiseStream {
  private final Native.Generator generator;

  private RandomNoise(long seed) {
    this.generator = Native.generator(seed);
  }

  /// The stream of `seed`, as `torch.Generator("cpu").manual_seed(seed)`.
  public static RandomNoise seeded(long seed) {
    return new RandomNoise(seed);
  }

  /// The next standard normal numbers, as `torch.randn`.
  @Override
  public Tensor normal(long... shape) {
    return Tensor.made("randn", () -> Native.normal(generator, shape));
  }

  /// The next numbers uniform in `[from, to)`, as `torch.empty(shape).uniform_(from, to)`.
  public Tensor uniform(double from, double to, long... shape) {
    return Tensor.made("uniform", () -> Native.uniform(generator, from, to, shape));
  }
}
