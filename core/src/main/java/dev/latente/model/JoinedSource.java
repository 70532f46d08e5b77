package dev.latente.model;

import dev.latente.nn.Lending;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The tensors of several files together.
final class JoinedSource implements CheckpointSource {
  private final List<CheckpointSource> parts;
  private final Map<String, CheckpointSource> places = new LinkedHashMap<>();

  /// All tensors of `parts`, which it closes.
  ///
  /// @throws ModelFormatException if two have one of the same name
  JoinedSource(List<CheckpointSource> parts) {
    this.parts = List.copyOf(parts);
    for (CheckpointSource part : parts) {
      for (String name : part.names()) {
        CheckpointSource other = places.put(name, part);
        if (other != null) {
          throw new ModelFormatException(
              "%s: expected '%s' in one file, found it in %s too"
                  .formatted(part.origin(), name, other.origin()));
        }
      }
    }
  }

  @Override
  public String origin() {
    return parts.getFirst().origin();
  }

  @Override
  public Set<String> names() {
    return places.keySet();
  }

  @Override
  public long[] shape(String name) {
    return place(name).shape(name);
  }

  @Override
  public Tensor read(String name, Precision precision) {
    return place(name).read(name, precision);
  }

  @Override
  public Tensor lend(String name, Precision precision, Lending lending) {
    return place(name).lend(name, precision, lending);
  }

  @Override
  public String storedAs(String name) {
    return place(name).storedAs(name);
  }

  private CheckpointSource place(String name) {
    CheckpointSource place = places.get(name);
    if (place == null) {
      throw new ModelFormatException("%s: no tensor '%s'".formatted(origin(), name));
    }
    return place;
  }

  @Override
  public void close() {
    parts.forEach(CheckpointSource::close);
  }
}
