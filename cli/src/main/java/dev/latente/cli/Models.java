package dev.latente.cli;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Finds the model that users mean.
///
/// The project's own small model, `mini`, is a folder in diffusers' layout. It is looked for where
/// the system property `latente.mini` says; in the checkout that the launcher names with
/// `latente.home`; and in `mini` beside the program's jar. Its copy for four steps, `mini-fast`,
/// lies beside it.
final class Models {
  /// The name of the project's own model.
  static final String MINI = "mini";

  /// The names of the project's own models, the usual one first.
  static final List<String> OWN = List.of(MINI, "mini-fast");

  private static final String IN_CHECKOUT = "mini/src/main/resources/mini";
  private static final String INDEX = "model_index.json";

  private Models() {}

  /// Where the model called `name` is: a path, one of the project's own, or a name on the
  /// [ModelShelf]; `mini` is meant by nothing too.
  static Path find(Optional<String> name, Session session) throws IOException {
    if (name.isEmpty() || (OWN.contains(name.get()) && !exists(name.get() + "/" + INDEX))) {
      return own(name.orElse(MINI));
    }
    return exists(name.get()) ? Path.of(name.get()) : ModelShelf.of(session).find(name.get());
  }

  private static boolean exists(String path) {
    try {
      return Files.exists(Path.of(path));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  /// The folder of `mini`.
  static Path mini() {
    return own(MINI);
  }

  /// The folder of one of [#OWN].
  static Path own(String name) {
    List<Path> places =
        places().stream()
            .map(mini -> name.equals(MINI) ? mini : mini.resolveSibling(name))
            .toList();
    for (Path place : places) {
      if (Files.isRegularFile(place.resolve(INDEX))) {
        return place;
      }
    }
    throw new ModelFormatException(
        "the model '%s' that ships with the project was not found in %s; name another with --model"
            .formatted(
                name, places.stream().map(Path::toString).collect(Collectors.joining(", "))));
  }

  private static List<Path> places() {
    List<Path> places = new ArrayList<>();
    property("latente.mini").ifPresent(path -> places.add(Path.of(path)));
    property("latente.home").ifPresent(path -> places.add(Path.of(path, IN_CHECKOUT)));
    jarFolder().ifPresent(folder -> places.add(folder.resolve(MINI)));
    return places;
  }

  private static Optional<String> property(String name) {
    return Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isBlank());
  }

  private static Optional<Path> jarFolder() {
    URL location = Models.class.getProtectionDomain().getCodeSource().getLocation();
    try {
      return Optional.ofNullable(Path.of(location.toURI()).toAbsolutePath().getParent());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the program's own place is no path: " + location, e);
    }
  }
}
