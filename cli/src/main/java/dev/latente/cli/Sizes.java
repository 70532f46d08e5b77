package dev.latente.cli;

import java.util.List;
import java.util.Locale;

/// Big numbers as people read them.
final class Sizes {
  private static final double THOUSAND = 1000;
  private static final List<String> BYTES = List.of("B", "kB", "MB", "GB", "TB");
  private static final List<String> COUNTS = List.of("", "K", "M", "G", "T");

  private Sizes() {}

  /// A number of bytes, such as `4.27 GB`.
  static String bytes(long bytes, Locale locale) {
    return scaled(bytes, BYTES, locale);
  }

  /// A number of things, such as `859.5 M`.
  static String count(long count, Locale locale) {
    return scaled(count, COUNTS, locale);
  }

  private static String scaled(long number, List<String> units, Locale locale) {
    double value = number;
    int unit = 0;
    while (value >= THOUSAND - 0.5 && unit < units.size() - 1) {
      value /= THOUSAND;
      unit++;
    }
    int digits = unit == 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(locale, "%." + digits + "f %s", value, units.get(unit)).strip();
  }
}
