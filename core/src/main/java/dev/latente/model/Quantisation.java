package dev.latente.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How the big matrices of a GGUF file are stored: in blocks of small whole numbers.
public enum Quantisation {
  Q8_0(GgufType.Q8_0, GgufType.Q8_0),
  Q5_1(GgufType.Q5_1, GgufType.Q5_1),
  Q5_0(GgufType.Q5_0, GgufType.Q5_0),
  Q4_1(GgufType.Q4_1, GgufType.Q4_1),
  Q4_0(GgufType.Q4_0, GgufType.Q4_0),
  Q6_K(GgufType.Q6_K, GgufType.Q8_0),
  Q5_K(GgufType.Q5_K, GgufType.Q5_1),
  Q4_K(GgufType.Q4_K, GgufType.Q5_0),
  Q3_K(GgufType.Q3_K, GgufType.Q4_0),
  Q2_K(GgufType.Q2_K, GgufType.Q4_0);

  private final GgufType type;
  private final GgufType narrow;

  Quantisation(GgufType type, GgufType narrow) {
    this.type = type;
    this.narrow = narrow;
  }

  /// The one called `name`, such as `q8_0`, whatever the case.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  public static Quantisation named(String name) {
    String wanted = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(value -> value.name().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown quantisation '%s'; known: %s"
                    .formatted(
                        name,
                        Arrays.stream(values())
                            .map(Quantisation::label)
                            .collect(Collectors.joining(", ")))));
  }

  /// The name users write.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The type for rows of this length, or `plain` if they do not divide into blocks. A k-quant's
  /// blocks of 256 are too long for many rows of SD 1 and XL: these take a type with blocks of 32
  /// that loses no more, as llama.cpp chooses them.
  GgufType of(long row, GgufType plain) {
    return row % type.blockSize() == 0 ? type : row % narrow.blockSize() == 0 ? narrow : plain;
  }
}
