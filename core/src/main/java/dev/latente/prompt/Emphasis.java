package dev.latente.prompt;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What the weights in a prompt do.
public enum Emphasis {
  /// Brackets are text, and so is `BREAK`.
  NONE("None"),

  /// Brackets are read, and the weights forgotten.
  IGNORE("Ignore"),

  /// A word's hidden state is multiplied by its weight, then the chunk's by one factor that gives
  /// it its old mean back.
  ORIGINAL("Original"),

  /// A word's hidden state is multiplied by its weight.
  NO_NORM("No norm");

  private final String label;

  Emphasis(String label) {
    this.label = label;
  }

  /// The name in a picture's parameters.
  public String label() {
    return label;
  }

  /// The emphasis that people call `name`; case, blanks, hyphens and underscores do not matter.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Emphasis named(String name) {
    for (Emphasis emphasis : values()) {
      if (simplified(emphasis.label).equals(simplified(name))) {
        return emphasis;
      }
    }
    String known = Arrays.stream(values()).map(Emphasis::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("emphasis must be one of %s: %s".formatted(known, name));
  }

  /// The words of `text` (of one step) and their weights.
  public List<Fragment> fragments(String text) {
    return switch (this) {
      case NONE -> List.of(new Fragment.Words(text, 1));
      case IGNORE -> Attention.parse(text).stream().map(Emphasis::unweighted).toList();
      case ORIGINAL, NO_NORM -> Attention.parse(text);
    };
  }

  private static Fragment unweighted(Fragment fragment) {
    return switch (fragment) {
      case Fragment.Words words -> new Fragment.Words(words.text(), 1);
      case Fragment.Break pause -> pause;
    };
  }

  private static String simplified(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
  }
}
