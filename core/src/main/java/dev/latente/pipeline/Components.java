package dev.latente.pipeline;

import dev.latente.model.CheckpointSource;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.WeightSource;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Builds a model's components from their weights, and keeps account of these. Not thread-safe.
final class Components {
  private final Device device;
  private final MemoryUse memory;
  private final List<WeightSource> weights = new ArrayList<>();
  private final IdentityHashMap<Object, WeightSource> sources = new IdentityHashMap<>();

  Components(Device device) {
    this(device, MemoryUse.BALANCED);
  }

  Components(Device device, MemoryUse memory) {
    this.device = device;
    this.memory = memory;
  }

  Device device() {
    return device;
  }

  /// A component made by `factory`, whose weights are all of those in `source`.
  ///
  /// @throws ModelFormatException if some are missing, misshapen or left over
  <T> T build(CheckpointSource source, Precision precision, Function<Weights, T> factory) {
    boolean compact =
        device == Device.CPU && precision == Precision.F32 && memory.keepsNarrow(source);
    StoredWeights stored =
        compact
            ? StoredWeights.compact(source, memory.leaves())
            : new StoredWeights(source, device, precision);
    weights.add(stored);
    T built = factory.apply(Weights.of(stored));
    try {
      stored.finish(_ -> false);
    } catch (ModelFormatException e) {
      weights.remove(stored); // freed them itself
      throw e;
    }
    sources.put(built, stored);
    return built;
  }

  /// The weights of a component that was built here.
  WeightSource weightsOf(Object component) {
    return Optional.ofNullable(sources.get(component)).orElseThrow();
  }

  /// The weights of all that was built.
  List<WeightSource> weights() {
    return List.copyOf(weights);
  }

  /// Frees the weights of all that was built.
  void release() {
    weights.forEach(WeightSource::release);
  }
}
