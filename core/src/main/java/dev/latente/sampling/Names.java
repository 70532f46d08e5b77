package dev.latente.sampling;

import java.util.Locale;

/// Names as people spell them.
final class Names {
  private Names() {}

  /// `name` without what does not matter: case, blanks, hyphens, underscores; "pp" for "++".
  static String simplified(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "").replace("++", "pp");
  }
}
