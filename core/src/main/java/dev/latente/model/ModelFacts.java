package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/// What can be told of a model, or of a file that belongs to models, without reading its weights.
///
/// @param path the folder or file
/// @param form `folder`, `safetensors`, `gguf` or `pytorch`
/// @param kind what it is, in words
/// @param whole whether pictures can be drawn with it alone
/// @param components its parts
/// @param prediction what the network estimates, such as `epsilon`, if that is known
/// @param licence if the files state one
/// @param metadata what a file says about itself
public record ModelFacts(
    Path path,
    String form,
    String kind,
    boolean whole,
    List<Component> components,
    Optional<String> prediction,
    Optional<String> licence,
    Map<String, String> metadata) {

  /// One part of a model.
  ///
  /// @param name such as `unet`
  /// @param parameters how many numbers it has, by the type they are stored in, such as `F16`
  /// @param files its files of weights; empty if they are part of the model's only file
  public record Component(String name, SortedMap<String, Long> parameters, List<Path> files) {
    public Component {
      parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
      files = List.copyOf(files);
    }

    /// How many numbers it has.
    public long count() {
      return parameters.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  public ModelFacts {
    components = List.copyOf(components);
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
  }

  /// Looks at `path`: a model's folder, a component's folder or a file.
  ///
  /// @throws ModelFormatException if it is nothing that is known, or is damaged
  public static ModelFacts of(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return FolderFacts.of(path);
    }
    if (Files.notExists(path)) {
      throw new ModelFormatException(path + ": no such file or folder");
    }
    return FileFacts.of(path);
  }

  /// How many numbers all parts have.
  public long parameters() {
    return components.stream().mapToLong(Component::count).sum();
  }

  /// The size in bytes of all that is in a folder, or of a file.
  public static long bytes(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return Files.size(path);
    }
    long sum = 0;
    try (var all = Files.walk(path.toRealPath())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }

  /// Counts the numbers of the tensors `names`, by their type.
  static SortedMap<String, Long> count(CheckpointSource source, Iterable<String> names) {
    SortedMap<String, Long> counts = new TreeMap<>();
    for (String name : names) {
      long count = LongStream.of(source.shape(name)).reduce(1, Math::multiplyExact);
      counts.merge(source.storedAs(name), count, Math::addExact);
    }
    return counts;
  }
}
