package dev.latente.tensor;

/// A seeded stream of standard normal numbers. Mutable: one belongs to one thread.
public sealed interface NoiseStream permits RandomNoise, PhiloxNoise {
  /// The next numbers.
  Tensor normal(long... shape);
}
