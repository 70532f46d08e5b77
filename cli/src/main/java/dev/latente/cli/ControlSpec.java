package dev.latente.cli;

import dev.latente.preprocess.Preprocessor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What `--control` says: `MODEL=[PREPROCESSOR:]IMAGE[@WEIGHT[@START-END]]`.
///
/// @param model the control network's file or folder
/// @param kind how the picture becomes the map
/// @param image the picture's file; empty for the one to begin with
record ControlSpec(String model, Kind kind, String image, double weight, double start, double end) {
  private static final String NUMBER = "(\\d+(?:\\.\\d+)?|\\.\\d+)";

  private static final Pattern ENDING =
      Pattern.compile("(.+?)(?:@(-?)" + NUMBER + "(?:@" + NUMBER + "-" + NUMBER + ")?)?");

  /// The name of what is no preprocessor, but asks a depth estimator.
  private static final String DEPTH = "depth";

  /// The name of what hides what is redrawn.
  private static final String INPAINT = "inpaint";

  /// How the picture becomes the map.
  sealed interface Kind {
    /// It is the map.
    record Map() implements Kind {}

    /// A preprocessor makes it.
    record Made(Preprocessor by) implements Kind {}

    /// A depth estimator makes it.
    record Depth() implements Kind {}

    /// It is the map, but for what is redrawn of it.
    record Inpaint() implements Kind {}
  }

  /// Reads the option's value.
  ///
  /// @throws IllegalArgumentException if it is not in that form, or a number is out of range
  static ControlSpec parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 1 || equals == text.length() - 1) {
      throw new IllegalArgumentException(
          "control must be MODEL=[PREPROCESSOR:]IMAGE[@WEIGHT[@START-END]]: '%s'".formatted(text));
    }
    String model = text.substring(0, equals);
    String rest = text.substring(equals + 1);
    Matcher ending = ENDING.matcher(rest);
    if (!ending.matches()) {
      throw new IllegalArgumentException("control must name an image: '%s'".formatted(text));
    }
    String picture = ending.group(1);
    int colon = picture.indexOf(':');
    Kind kind = colon < 0 ? new Kind.Map() : kind(picture.substring(0, colon));
    String image = kind instanceof Kind.Map ? picture : picture.substring(colon + 1);
    String sign = ending.group(2) == null ? "" : ending.group(2);
    return new ControlSpec(
        model,
        kind,
        image,
        number(sign, ending.group(3), 1),
        number("", ending.group(4), 0),
        number("", ending.group(5), 1));
  }

  private static double number(String sign, @Nullable String digits, double fallback) {
    return digits == null ? fallback : Double.parseDouble(sign + digits);
  }

  /// What stands before the colon; a single letter or a path is part of the image's name.
  private static Kind kind(String name) {
    if (name.equals(DEPTH)) {
      return new Kind.Depth();
    }
    if (name.equals(INPAINT)) {
      return new Kind.Inpaint();
    }
    if (name.length() < 2 || name.contains("/") || name.contains("\\")) {
      return new Kind.Map();
    }
    List<String> known = new ArrayList<>(Preprocessor.names());
    known.addAll(List.of(DEPTH, INPAINT));
    return new Kind.Made(
        Preprocessor.named(name)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "unknown preprocessor '%s'; known: %s"
                        .formatted(name, String.join(", ", known)))));
  }
}
