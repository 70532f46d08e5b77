package dev.latente.hub;

import java.util.Set;
import java.util.regex.Pattern;

/// Tells names that a server may choose from those that would lead out of the cache.
final class SafePath {
  private static final Pattern PART = Pattern.compile("[^/\\\\:*?\"<>|\\p{Cntrl}]+");
  private static final Set<String> DOTS = Set.of(".", "..");

  private SafePath() {}

  /// Whether `path` is a relative path with slashes, each part of which is a plain name.
  static boolean isSafe(String path) {
    for (String part : path.split("/", -1)) {
      if (!PART.matcher(part).matches() || DOTS.contains(part)) {
        return false;
      }
    }
    return true;
  }
}
