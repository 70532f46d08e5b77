package dev.latente.model;

import dev.latente.lora.Change;
import dev.latente.lora.Merging;
import dev.latente.model.LoraMatch.Hit;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.TensorException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A file of changes to a model's weights, opened and understood but not read: LoRA and its kin, as
/// kohya's scripts, LyCORIS, diffusers and PEFT write them, in safetensors or PyTorch's format.
///
/// One thread at a time may use it.
public final class LoraFile implements AutoCloseable {
  private final Path path;
  private final CheckpointSource source;
  private final LoraScaling scaling;
  private final List<LoraLayer> layers;
  private final List<String> unknown;

  private LoraFile(
      Path path,
      CheckpointSource source,
      LoraScaling scaling,
      List<LoraLayer> layers,
      List<String> unknown) {
    this.path = path;
    this.source = source;
    this.scaling = scaling;
    this.layers = List.copyOf(layers);
    this.unknown = List.copyOf(unknown);
  }

  /// Opens a file.
  ///
  /// @throws ModelFormatException if it is none that can be read
  public static LoraFile open(Path path) throws IOException {
    CheckpointSource source = TensorFile.open(path);
    try {
      return of(path, source);
    } catch (IOException | RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  static LoraFile of(Path path, CheckpointSource source) throws IOException {
    record Place(LoraPart part, String layer) {}
    Map<Place, LoraLayer> layers = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    for (String name : source.names().stream().sorted().toList()) {
      Optional<LoraKey> key = LoraKey.parse(name);
      if (key.isEmpty()) {
        unknown.add(name);
        continue;
      }
      LoraKey found = key.get();
      layers
          .computeIfAbsent(
              new Place(found.part(), found.path()), at -> new LoraLayer(at.part(), at.layer()))
          .put(found.role(), name, source.shape(name))
          .ifPresent(other -> {
            throw new ModelFormatException(
                "%s: expected one tensor for a layer's part, found two: '%s' and '%s'"
                    .formatted(path, other, name));
          });
    }
    List<LoraLayer> complete = new ArrayList<>();
    for (LoraLayer layer : layers.values()) {
      if (layer.isComplete()) {
        complete.add(layer);
      } else {
        unknown.addAll(layer.names());
      }
    }
    if (complete.isEmpty()) {
      throw new ModelFormatException(
          "%s: expected a LoRA, found %s".formatted(path, what(unknown)));
    }
    return new LoraFile(path, source, LoraScaling.of(path, source.metadata()), complete, unknown);
  }

  private static String what(List<String> names) {
    if (names.isEmpty()) {
      return "no tensors";
    }
    boolean oft = names.stream().anyMatch(name -> name.matches(".*\\.oft_(blocks|diag)"));
    return oft
        ? "OFT, which cannot be read"
        : "%d other tensors, such as %s".formatted(names.size(), names.getFirst());
  }

  /// Where it is.
  public Path path() {
    return path;
  }

  /// What people call it: the file's name without its ending.
  public String name() {
    return name(path);
  }

  /// What people call the file at `path`.
  public static String name(Path path) {
    Path last = path.toAbsolutePath().normalize().getFileName();
    return last == null ? path.toString() : last.toString().replaceFirst("\\.[^.]+$", "");
  }

  /// The layers that it changes.
  public List<LoraLayer> layers() {
    return layers;
  }

  /// The names of tensors that belong to no layer, or to one that is not whole.
  public List<String> unknown() {
    return unknown;
  }

  /// What it is.
  public LoraInfo info() {
    return LoraInfo.of(this);
  }

  /// What its header says, such as `ss_base_model_version`.
  public Map<String, String> metadata() {
    return source.metadata();
  }

  /// Its SHA-256 as A1111's users know it, in 64 hexadecimal digits: that in its header, or that of
  /// the bytes after the header.
  public String sha256() throws IOException {
    return LoraHash.of(path, source.metadata());
  }

  /// Adds what this file changes of a weight. Inside an open scope.
  ///
  /// @param strength 1 for as much as it was trained
  /// @throws ModelFormatException if the layer's tensors do not fit together
  public void merge(Hit hit, Merging weight, double strength) {
    LoraChanges changes = new LoraChanges(source, hit.layer(), scaling, weight.device());
    try {
      Optional<Change> change =
          switch (hit.place()) {
            case WEIGHT -> changes.weight();
            case BIAS -> changes.bias();
          };
      change.ifPresent(found -> weight.add(found, strength));
    } catch (TensorException e) {
      throw new ModelFormatException(
          "%s: expected tensors of layer '%s' that fit together, found others (%s)"
              .formatted(path, hit.layer(), e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
