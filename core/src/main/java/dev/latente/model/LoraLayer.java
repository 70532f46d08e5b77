package dev.latente.model;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A layer that a LoRA's file changes, and how.
public final class LoraLayer {
  private final LoraPart part;
  private final String path;
  private final Map<LoraRole, String> tensors = new EnumMap<>(LoraRole.class);
  private final Map<LoraRole, long[]> shapes = new EnumMap<>(LoraRole.class);

  LoraLayer(LoraPart part, String path) {
    this.part = part;
    this.path = path;
  }

  /// The network it belongs to.
  public LoraPart part() {
    return part;
  }

  /// The layer as the file names it, with every `.` as `_`.
  public String path() {
    return path;
  }

  /// How its weight is changed; nothing if only its bias is, or if tensors are missing.
  public Optional<LoraKind> kind() {
    if (has(LoraRole.DOWN, LoraRole.UP)) {
      return Optional.of(LoraKind.LORA);
    }
    if (has(LoraRole.HADA_1_A, LoraRole.HADA_1_B, LoraRole.HADA_2_A, LoraRole.HADA_2_B)) {
      return Optional.of(LoraKind.LOHA);
    }
    if ((has(LoraRole.LOKR_1) || has(LoraRole.LOKR_1_A, LoraRole.LOKR_1_B))
        && (has(LoraRole.LOKR_2) || has(LoraRole.LOKR_2_A, LoraRole.LOKR_2_B))) {
      return Optional.of(LoraKind.LOKR);
    }
    if (has(LoraRole.GLORA_A1, LoraRole.GLORA_A2, LoraRole.GLORA_B1, LoraRole.GLORA_B2)) {
      return Optional.of(LoraKind.GLORA);
    }
    if (has(LoraRole.IA3_FACTORS, LoraRole.IA3_ON_INPUT)) {
      return Optional.of(LoraKind.IA3);
    }
    return has(LoraRole.WEIGHT_DIFFERENCE) ? Optional.of(LoraKind.FULL) : Optional.empty();
  }

  /// Whether a bias is changed too.
  public boolean changesBias() {
    return has(LoraRole.BIAS_DIFFERENCE);
  }

  /// Whether it sets the lengths of weights (DoRA).
  public boolean isDecomposed() {
    return has(LoraRole.DORA_SCALE) || has(LoraRole.MAGNITUDE);
  }

  /// The rank of its factors, if it has such.
  public OptionalInt rank() {
    for (LoraRole role :
        List.of(
            LoraRole.DOWN,
            LoraRole.HADA_1_B,
            LoraRole.LOKR_1_B,
            LoraRole.LOKR_2_B,
            LoraRole.GLORA_A1)) {
      if (has(role) && shape(role).length > 0) {
        return OptionalInt.of(Math.toIntExact(shape(role)[0]));
      }
    }
    return OptionalInt.empty();
  }

  boolean isComplete() {
    return kind().isPresent() || changesBias();
  }

  /// @return the name that had this role before, if one had
  Optional<String> put(LoraRole role, String tensor, long... shape) {
    shapes.put(role, shape);
    return Optional.ofNullable(tensors.put(role, tensor));
  }

  boolean has(LoraRole... roles) {
    return tensors.keySet().containsAll(List.of(roles));
  }

  /// The name in the file of the tensor with this role, which is there.
  String tensor(LoraRole role) {
    return Optional.ofNullable(tensors.get(role)).orElseThrow();
  }

  long[] shape(LoraRole role) {
    return Optional.ofNullable(shapes.get(role)).orElseThrow();
  }

  /// The names in the file of all its tensors.
  List<String> names() {
    return List.copyOf(tensors.values());
  }

  @Override
  public String toString() {
    return path;
  }
}
