package dev.latente.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Where pictures are written.
///
/// @param folder the folder
/// @param stem how the names begin
/// @param naming what makes the names
record PictureFiles(Path folder, String stem, Naming naming) {
  private static final String ENDING = ".png";
  private static final Set<String> OTHER_ENDINGS =
      Set.of("jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "avif", "jxl");

  /// How files are named.
  enum Naming {
    /// The one name the user gave; an older file is replaced.
    AS_GIVEN,
    /// The user's name, and each picture's seed; older files are replaced.
    GIVEN_AND_SEED,
    /// The program's name and the seed; where there is such a file, a number too.
    OWN
  }

  /// What `output` means for `count` pictures: a PNG file, or a folder; the current one if empty.
  static PictureFiles of(Optional<Path> output, int count) {
    Path path = output.orElse(Path.of(""));
    String name = path.getFileName() == null ? "" : path.getFileName().toString();
    if (Files.isDirectory(path)) {
      return new PictureFiles(path, "latente", Naming.OWN);
    }
    if (name.toLowerCase(Locale.ROOT).endsWith(ENDING)) {
      Path parent = path.getParent();
      return new PictureFiles(
          parent == null ? Path.of("") : parent,
          name.substring(0, name.length() - ENDING.length()),
          count == 1 ? Naming.AS_GIVEN : Naming.GIVEN_AND_SEED);
    }
    if (OTHER_ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
        && name.contains(".")) {
      throw new IllegalArgumentException("output must be a .png file or a folder: " + path);
    }
    return new PictureFiles(path, "latente", Naming.OWN);
  }

  /// Makes the folder if need be, and tries to write to it: before the long work, not after.
  ///
  /// @throws IOException if that cannot be; the message says why
  void prepare() throws IOException {
    Path blocked = folder.toAbsolutePath();
    while (blocked != null && !Files.exists(blocked)) {
      blocked = blocked.getParent();
    }
    if (blocked != null && !Files.isDirectory(blocked)) {
      throw new IOException("%s: expected a folder to write to, found a file".formatted(blocked));
    }
    try {
      Files.createDirectories(folder.toAbsolutePath());
      Files.delete(Files.createTempFile(folder.toAbsolutePath(), ".latente", ".part"));
    } catch (IOException e) {
      throw new IOException(
          "%s: expected a folder to write to: %s".formatted(folder, reason(e)), e);
    }
  }

  /// The file of the picture of `seed`.
  Path file(long seed) {
    return switch (naming) {
      case AS_GIVEN -> folder.resolve(stem + ENDING);
      case GIVEN_AND_SEED -> folder.resolve(stem + "-" + seed + ENDING);
      case OWN -> unused(stem + "-" + seed);
    };
  }

  private Path unused(String name) {
    Path file = folder.resolve(name + ENDING);
    for (int i = 2; Files.exists(file); i++) {
      file = folder.resolve(name + "-" + i + ENDING);
    }
    return file;
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }
}
