package dev.latente.preprocess;

import dev.latente.image.Picture;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Turns a picture into the map that a control network was trained on.
@FunctionalInterface
public interface Preprocessor {
  /// The map of a picture, of the same size.
  Picture apply(Picture picture);

  /// The preprocessor called `name`, such as `canny` or `canny(50,150)`; empty if there is none.
  ///
  /// @throws IllegalArgumentException if its numbers are out of range
  static Optional<Preprocessor> named(String name) {
    Matcher canny = Pattern.compile("canny\\((\\d{1,4}),(\\d{1,4})\\)").matcher(name);
    if (canny.matches()) {
      return Optional.of(
          new Canny(Integer.parseInt(canny.group(1)), Integer.parseInt(canny.group(2))));
    }
    return Stream.of(Named.values())
        .filter(known -> known.id().equals(name))
        .findFirst()
        .map(Named::preprocessor);
  }

  /// The names of all of them.
  static List<String> names() {
    return Stream.of(Named.values()).map(Named::id).toList();
  }
}
