package dev.latente.nn;

import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Weights made up at random, as PyTorch would with the same seed and order of construction.
///
/// Not thread-safe.
public final class FreshWeights implements WeightSource {
  private final RandomNoise noise;
  private final Map<String, Init> exceptions;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /// Weights drawn from `noise`.
  public FreshWeights(RandomNoise noise) {
    this(noise, Map.of());
  }

  /// Weights drawn from `noise`, except that those named in `exceptions` begin as said there.
  public FreshWeights(RandomNoise noise, Map<String, Init> exceptions) {
    this.noise = noise;
    this.exceptions = Map.copyOf(exceptions);
  }

  @Override
  public Tensor tensor(String name, Init init, long... shape) {
    try (Scope _ = Scope.open()) {
      Tensor made = exceptions.getOrDefault(name, init).make(noise, shape).retain();
      if (tensors.put(name, made) != null) {
        throw new IllegalStateException("weight asked for twice: " + name);
      }
      return made;
    }
  }

  @Override
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }
}
