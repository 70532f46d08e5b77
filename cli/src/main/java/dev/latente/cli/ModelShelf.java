package dev.latente.cli;

import dev.latente.hub.HubAddress;
import dev.latente.hub.HubCache;
import dev.latente.hub.HubSettings;
import dev.latente.nn.ModelFormatException;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The models on this machine that have names: those in the user's folders, and those of the hub's
/// cache.
///
/// @param folders where users put models
/// @param cache what was fetched from the hub
record ModelShelf(List<Path> folders, HubCache cache) {
  private static final String VARIABLE = "LATENTE_MODELS";
  private static final String INDEX = "model_index.json";
  private static final String CONFIG = "config.json";
  private static final String FILE = ".*\\.(safetensors|gguf|ckpt|pt)";
  private static final int DEPTH = 4;
  private static final int SHOWN = 8;

  /// One of them.
  ///
  /// @param name by which it can be called
  /// @param path its folder or file
  record Entry(String name, Path path) {
    /// Whether `wanted` means this: its name or the end of it, with or without the file's ending.
    boolean isCalled(String wanted, boolean exactly) {
      String whole = Files.isDirectory(path) ? name : name + ending(path.getFileName().toString());
      return Stream.of(name, whole)
          .flatMap(own -> Stream.of(own, own.substring(own.lastIndexOf('/') + 1)))
          .anyMatch(own -> exactly ? own.equals(wanted) : own.equalsIgnoreCase(wanted));
    }
  }

  /// The models of `session`'s user.
  static ModelShelf of(Session session) throws IOException {
    List<Path> folders =
        session
            .variable(VARIABLE)
            .map(list -> Arrays.stream(list.split(File.pathSeparator)).map(Path::of).toList())
            .orElseGet(() -> List.of(session.home().resolve(".latente").resolve("models")));
    HubSettings hub = HubSettings.of(session.environment(), session.home());
    return new ModelShelf(folders, new HubCache(hub.cache(), hub.links()));
  }

  /// Where the model called `name` is.
  ///
  /// @throws ModelFormatException if there is none, or more than one
  Path find(String name) throws IOException {
    List<Entry> all = entries();
    for (boolean exactly : List.of(true, false)) {
      List<Entry> found = all.stream().filter(entry -> entry.isCalled(name, exactly)).toList();
      if (found.size() == 1) {
        return found.getFirst().path();
      }
      if (found.size() > 1) {
        throw new ModelFormatException(
            "expected one model called '%s', found %d: %s; give the path of one"
                .formatted(
                    name,
                    found.size(),
                    found.stream()
                        .map(entry -> entry.path().toString())
                        .collect(Collectors.joining(", "))));
      }
    }
    throw new ModelFormatException(unknown(name, all));
  }

  private String unknown(String name, List<Entry> all) {
    List<String> names = all.stream().map(Entry::name).limit(SHOWN).toList();
    String known =
        names.isEmpty()
            ? "none but " + String.join(" and ", Models.OWN)
            : String.join(", ", names)
                + (all.size() > SHOWN ? " and %d more".formatted(all.size() - SHOWN) : "");
    return "%s: expected a model folder or file, or a name of 'latente models list', found neither (named there: %s)%s"
        .formatted(name, known, hint(name));
  }

  private static String hint(String name) {
    try {
      HubAddress address = HubAddress.parse(name);
      return "; if it is on the Hugging Face hub, 'latente models pull %s' fetches it"
          .formatted(address);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  /// All of them, by name.
  List<Entry> entries() throws IOException {
    List<Entry> found = new ArrayList<>();
    for (Path folder : folders) {
      scan(folder, found);
    }
    scanCache(found);
    found.sort(Comparator.comparing(Entry::name).thenComparing(Entry::path));
    return found;
  }

  private static void scan(Path folder, List<Entry> found) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        DEPTH,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
            if (!inner.equals(folder) && isModel(inner)) {
              found.add(new Entry(name(folder, inner), inner));
              return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && file.getFileName().toString().matches(FILE)) {
              found.add(new Entry(name(folder, file), file));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // what cannot be seen is not on the shelf
          }
        });
  }

  private static boolean isModel(Path folder) {
    return Files.isRegularFile(folder.resolve(INDEX))
        || Files.isRegularFile(folder.resolve(CONFIG));
  }

  private static String name(Path folder, Path path) {
    String relative = folder.relativize(path).toString().replace(File.separatorChar, '/');
    return Files.isDirectory(path)
        ? relative
        : relative.substring(0, relative.length() - ending(relative).length());
  }

  private static String ending(String file) {
    int dot = file.lastIndexOf('.');
    return dot < 0 ? "" : file.substring(dot);
  }

  private void scanCache(List<Entry> found) throws IOException {
    Set<Path> seen = new HashSet<>();
    Predicate<HubCache.Snapshot> isMain = snapshot -> snapshot.revision().equals(HubAddress.MAIN);
    List<HubCache.Snapshot> snapshots =
        cache.snapshots().stream()
            .sorted(Comparator.comparing(snapshot -> isMain.test(snapshot) ? 0 : 1))
            .toList();
    for (HubCache.Snapshot snapshot : snapshots) {
      if (seen.add(snapshot.files())) {
        String revision = isMain.test(snapshot) ? "" : "@" + snapshot.revision();
        String name = snapshot.repository() + revision;
        if (Files.isRegularFile(snapshot.files().resolve(INDEX))) {
          found.add(new Entry(name, snapshot.files()));
        } else if (Files.notExists(snapshot.files().resolve(CONFIG))) {
          singleFiles(name, snapshot.files(), found);
        }
      }
    }
  }

  private static void singleFiles(String name, Path folder, List<Entry> found) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.getFileName().toString().matches(FILE) && Files.isRegularFile(file))
          .map(file -> new Entry(name + "/" + name(folder, file), file))
          .forEach(found::add);
    }
  }
}
