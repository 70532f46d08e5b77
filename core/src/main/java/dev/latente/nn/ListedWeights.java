package dev.latente.nn;

import dev.latente.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Only the names and shapes of a network's weights: the layers built from them must not be used.
///
/// Not thread-safe.
public final class ListedWeights implements WeightSource {
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Tensor standIn = Tensor.full(0, 0);

  /// A weight.
  ///
  /// @param init how it begins when a model is built fresh
  public record Entry(Init init, List<Long> shape) {
    public Entry {
      shape = List.copyOf(shape);
    }

    /// How many numbers it has.
    public long count() {
      return shape.stream().reduce(1L, (a, b) -> a * b);
    }
  }

  @Override
  public Tensor tensor(String name, Init init, long... shape) {
    if (entries.put(name, new Entry(init, Arrays.stream(shape).boxed().toList())) != null) {
      throw new IllegalStateException("weight asked for twice: " + name);
    }
    return standIn;
  }

  /// What was asked for, in the order of asking.
  public Map<String, Entry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public Map<String, Tensor> tensors() {
    return Map.of();
  }
}
