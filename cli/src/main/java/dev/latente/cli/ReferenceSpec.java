package dev.latente.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A reference picture as users write it: `IMAGE` or `IMAGE@WEIGHT`.
record ReferenceSpec(Path image, double weight) {
  private static final Pattern FORM = Pattern.compile("(.+)@(-?\\d*\\.?\\d+)");

  static ReferenceSpec parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches() && !Files.exists(Path.of(text))
        ? new ReferenceSpec(Path.of(matcher.group(1)), Double.parseDouble(matcher.group(2)))
        : new ReferenceSpec(Path.of(text), 1);
  }
}
