package dev.latente.model;

import dev.latente.nn.ListedWeights;
import dev.latente.nn.ListedWeights.Entry;
import dev.latente.nn.Weights;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The weights of an untrained network, made up when they are read; each from a seed of its own,
/// its name's.
///
/// @param entries every weight of the network
/// @param stored the precision it pretends to have matrices in
record RandomSource(String origin, Map<String, Entry> entries, Precision stored)
    implements CheckpointSource {
  /// Numbers drawn at a time: drawing takes longer than copying, and nobody looks at them.
  private static final int DRAWN = 1 << 16;

  /// The weights that `network` asks for.
  static RandomSource of(String origin, Precision stored, Consumer<Weights> network) {
    ListedWeights listed = new ListedWeights();
    try (Scope _ = Scope.open()) {
      network.accept(Weights.of(listed));
    }
    return new RandomSource(origin, Map.copyOf(listed.entries()), stored);
  }

  @Override
  public Set<String> names() {
    return entries.keySet();
  }

  @Override
  public long[] shape(String name) {
    return entry(name).shape().stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public String storedAs(String name) {
    return stored.name();
  }

  @Override
  public Tensor read(String name, Precision precision) {
    Entry entry = entry(name);
    RandomNoise noise = RandomNoise.seeded(name.hashCode());
    long count = entry.count();
    if (count <= DRAWN) {
      return Scope.tidy(() -> entry.init().make(noise, shape(name)).to(precision));
    }
    return Scope.tidy(() -> {
      Tensor part = entry.init().make(noise, DRAWN).to(precision);
      long times = Math.ceilDiv(count, DRAWN);
      return part.reshape(1, DRAWN)
          .expand(times, DRAWN)
          .reshape(times * DRAWN)
          .slice(0, 0, count)
          .reshape(shape(name));
    });
  }

  private Entry entry(String name) {
    return Optional.ofNullable(entries.get(name)).orElseThrow();
  }

  @Override
  public void close() {
    // nothing is open
  }
}
