package dev.latente.tensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How real numbers are stored and computed with.
public enum Precision {
  /// IEEE 754 single precision, 4 bytes.
  F32(ElementType.F32),
  /// IEEE 754 half precision, 2 bytes: 11 bits of mantissa, up to 65504.
  F16(ElementType.F16),
  /// Brain floating point, 2 bytes: 8 bits of mantissa, the range of [#F32].
  BF16(ElementType.BF16);

  private final ElementType elementType;

  Precision(ElementType elementType) {
    this.elementType = elementType;
  }

  /// The precision called `name`, such as `f16`, whatever the case; `fp16` is accepted too.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  public static Precision named(String name) {
    String wanted = name.toLowerCase(Locale.ROOT).replace("fp", "f");
    for (Precision precision : values()) {
      if (precision.label().equals(wanted)) {
        return precision;
      }
    }
    String known = Arrays.stream(values()).map(Precision::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("unknown precision '%s'; known: %s".formatted(name, known));
  }

  /// The element type of tensors of this precision.
  public ElementType elementType() {
    return elementType;
  }

  /// The name users write: `f32`, `f16` or `bf16`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
