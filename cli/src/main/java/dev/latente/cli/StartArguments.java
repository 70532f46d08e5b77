package dev.latente.cli;

import dev.latente.image.GenerationParameters;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The options about a picture to begin with, from what a file says of its making. The picture
/// itself, and its mask, are given by hand.
///
/// @param made what the file says
record StartArguments(GenerationParameters made) {
  private static final Map<String, String> OPTIONS =
      Map.of(
          "Resize mode", "--resize-mode",
          "Extend", "--extend",
          "Mask", "--mask");

  /// Options that need a mask, or something like it.
  private static final Map<String, String> MASKING =
      Map.of(
          "Masked content", "--mask-fill",
          "Mask blur", "--mask-blur",
          "Mask feather", "--mask-feather",
          "Masked area padding", "--mask-padding");

  private static final String AREA = "Inpaint area";
  private static final String PASTE = "Mask paste";

  /// Adds the options in the form `--name=value`, but those that were given by hand.
  ///
  /// @param given whether an option was
  void add(Predicate<String> given, List<String> arguments) {
    OPTIONS.forEach((key, option) -> add(key, option, given, arguments));
    if (!isMasked(given)) {
      return;
    }
    MASKING.forEach((key, option) -> add(key, option, given, arguments));
    if (made.value(PASTE).isPresent() && !given.test("--no-paste")) {
      arguments.add("--no-paste");
    }
  }

  private void add(String key, String option, Predicate<String> given, List<String> arguments) {
    if (!given.test(option)) {
      made.value(key).ifPresent(value -> arguments.add(option + "=" + value));
    }
  }

  private boolean isMasked(Predicate<String> given) {
    return given.test("--mask")
        || given.test("--extend")
        || made.value("Mask").isPresent()
        || made.value("Extend").isPresent();
  }

  /// The keys that [#add] repeats.
  Set<String> repeated(Predicate<String> given) {
    Set<String> keys = new HashSet<>(OPTIONS.keySet());
    if (isMasked(given)) {
      keys.addAll(MASKING.keySet());
      keys.addAll(Set.of(AREA, PASTE));
    }
    return keys;
  }
}
