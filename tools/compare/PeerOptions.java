import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What was asked for.
///
/// @param only names of the programs; all if none
@SuppressWarnings("DefaultPackage") // run as a file
record PeerOptions(int rounds, int steps, int pictures, int threads, Path cache, Set<String> only) {
  private static final Set<String> NAMES = Set.of("latente", "diffusers", "onnx", "sdcpp");

  PeerOptions {
    if (rounds < 1 || steps < 2 || pictures < 0 || threads < 1) {
      throw new IllegalArgumentException(
          "needs 1 round, 2 steps, 0 pictures, 1 thread or more: %d, %d, %d, %d"
              .formatted(rounds, steps, pictures, threads));
    }
    only = Set.copyOf(only);
    if (!NAMES.containsAll(only)) {
      throw new IllegalArgumentException("unknown program in %s; known: %s".formatted(only, NAMES));
    }
  }

  static PeerOptions of(String... args) {
    int rounds = 3;
    int steps = 4;
    int pictures = 1;
    int threads = 2;
    Path cache = cacheFolder();
    Set<String> only = Set.of();
    Iterator<String> left = List.of(args).iterator();
    while (left.hasNext()) {
      String name = left.next();
      switch (name) {
        case "--rounds" -> rounds = Integer.parseInt(value(name, left));
        case "--steps" -> steps = Integer.parseInt(value(name, left));
        case "--pictures" -> pictures = Integer.parseInt(value(name, left));
        case "--short" -> pictures = 0;
        case "--threads" -> threads = Integer.parseInt(value(name, left));
        case "--cache" -> cache = Path.of(value(name, left));
        case "--only" -> only = Set.of(value(name, left).split(","));
        default ->
            throw new IllegalArgumentException(
                "unknown option '%s'; the head of peers.sh tells which there are".formatted(name));
      }
    }
    return new PeerOptions(rounds, steps, pictures, threads, cache.toAbsolutePath(), only);
  }

  private static String value(String name, Iterator<String> left) {
    if (!left.hasNext()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    return left.next();
  }

  private static Path cacheFolder() {
    Optional<String> xdg = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"));
    return xdg.filter(path -> !path.isBlank())
        .map(Path::of)
        .orElse(Path.of(System.getProperty("user.home"), ".cache"))
        .resolve("latente-compare");
  }
}
