package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A tensor to be written, and the model's tensors it is made of: the other way round than [Form].
///
/// @param name in the file
/// @param parts their names in `source`
record OriginalTensor(String name, Making making, CheckpointSource source, List<String> parts) {
  /// How it is made of its parts.
  enum Making {
    /// As it is.
    SAME,
    /// A matrix as a 1×1 convolution.
    IMAGE,
    /// A matrix as `[in, out]`.
    TRANSPOSED,
    /// Queries, keys and values below each other.
    STACKED
  }

  /// One that is written as it is.
  static OriginalTensor same(String name, CheckpointSource source, String part) {
    return new OriginalTensor(name, Making.SAME, source, List.of(part));
  }

  long[] shape() {
    long[] first = source.shape(parts.getFirst());
    return switch (making) {
      case SAME -> first;
      case IMAGE -> new long[] {first[0], first[1], 1, 1};
      case TRANSPOSED -> new long[] {first[1], first[0]};
      case STACKED -> {
        long[] shape = first.clone();
        shape[0] = parts.stream().mapToLong(part -> source.shape(part)[0]).sum();
        yield shape;
      }
    };
  }

  /// The type to write it in, if none is wished: that of its file, or half precision if it is
  /// quantised there.
  ElementType storedType() {
    return switch (source.storedAs(parts.getFirst())) {
      case "F64", "F32" -> ElementType.F32;
      case "BF16" -> ElementType.BF16;
      default -> ElementType.F16;
    };
  }

  /// Its numbers as `type`, little-endian.
  ///
  /// @throws ModelFormatException if half precision cannot hold them
  byte[] bytes(ElementType type) {
    Precision precision = precision(type);
    try (Scope _ = Scope.open()) {
      Tensor[] read =
          parts.stream().map(part -> source.read(part, precision)).toArray(Tensor[]::new);
      Tensor made =
          switch (making) {
            case SAME -> read[0];
            case IMAGE -> read[0].reshape(shape());
            case TRANSPOSED -> read[0].transpose(0, 1).contiguous();
            case STACKED -> Tensor.concat(0, read);
          };
      byte[] bytes = made.toBytes(type);
      if (type == ElementType.F16 && storedType() != ElementType.F16) {
        checkRange(bytes);
      }
      return bytes;
    }
  }

  private void checkRange(byte[] halves) {
    for (int i = 1; i < halves.length; i += 2) {
      if ((halves[i] & 0x7c) == 0x7c) { // infinite
        throw new ModelFormatException(
            "%s: tensor '%s': expected numbers up to 65504, which is all that f16 can hold, found greater ones; use bf16 or f32"
                .formatted(source.origin(), name));
      }
    }
  }

  private static Precision precision(ElementType type) {
    return Arrays.stream(Precision.values())
        .filter(precision -> precision.elementType() == type)
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "weights are not written as " + type.name().toLowerCase(Locale.ROOT)));
  }
}
