package dev.latente.model;

import dev.latente.nn.Lending;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Weights divided over several safetensors files, which an index names.
final class ShardedSource implements CheckpointSource {
  private final Path index;
  private final Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
  private final Map<String, SafetensorsFile> places = new LinkedHashMap<>();

  private ShardedSource(Path index) {
    this.index = index;
  }

  /// Opens all files named in `index`, a `*.safetensors.index.json`.
  ///
  /// @throws ModelFormatException if a file is missing or lacks what the index says it has
  static ShardedSource open(Path index) throws IOException {
    JsonNode map = Json.read(index).path("weight_map");
    if (!map.isObject()) {
      throw new ModelFormatException(
          "%s: expected an object weight_map, found %s".formatted(index, Json.nameOf(map)));
    }
    ShardedSource source = new ShardedSource(index);
    try {
      for (Map.Entry<String, JsonNode> entry : map.properties()) {
        source.add(entry.getKey(), entry.getValue());
      }
      return source;
    } catch (IOException | RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  /// Whether all files that `index` names are there; an index that cannot be read is for [#open] to
  /// complain about.
  static boolean isWhole(Path index) throws IOException {
    JsonNode map = Json.read(index).path("weight_map");
    return map.valueStream()
        .map(file -> file.asString(""))
        .filter(name -> !name.isEmpty() && !name.contains("/") && !name.contains("\\"))
        .allMatch(name -> Files.exists(index.resolveSibling(name)));
  }

  private void add(String tensor, JsonNode file) throws IOException {
    String name = file.asString();
    if (!file.isString() || name.isEmpty() || name.contains("/") || name.contains("\\")) {
      throw new ModelFormatException(
          "%s: tensor '%s': expected a file's name, found %s"
              .formatted(index, tensor, Json.nameOf(file)));
    }
    SafetensorsFile shard = shards.get(name);
    if (shard == null) {
      if (Files.notExists(index.resolveSibling(name))) {
        throw new ModelFormatException(
            "%s: expected the file %s beside it, found no such file".formatted(index, name));
      }
      shard = SafetensorsFile.open(index.resolveSibling(name));
      shards.put(name, shard);
    }
    if (!shard.names().contains(tensor)) {
      throw new ModelFormatException(
          "%s: tensor '%s': expected in %s, found only other tensors there"
              .formatted(index, tensor, name));
    }
    places.put(tensor, shard);
  }

  @Override
  public String origin() {
    return index.toString();
  }

  @Override
  public Set<String> names() {
    return places.keySet();
  }

  @Override
  public long[] shape(String name) {
    return shard(name).shape(name);
  }

  @Override
  public String storedAs(String name) {
    return shard(name).storedAs(name);
  }

  @Override
  public Tensor read(String name, Precision precision) {
    return shard(name).read(name, precision);
  }

  @Override
  public Tensor lend(String name, Precision precision, Lending lending) {
    return shard(name).lend(name, precision, lending);
  }

  private SafetensorsFile shard(String name) {
    SafetensorsFile shard = places.get(name);
    if (shard == null) {
      throw new ModelFormatException("%s: no tensor '%s'".formatted(index, name));
    }
    return shard;
  }

  @Override
  public void close() {
    shards.values().forEach(SafetensorsFile::close);
  }
}
