package dev.latente.tokenizer;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The vocabulary of OpenAI's CLIP, which all published Stable Diffusion models share: what it is,
/// and where on a disk it may be found.
public final class ClipVocabulary {
  /// How many tokens it has.
  public static final int SIZE = 49408;

  /// Of [Vocabulary#digest()]; of the files in the hub's `openai/clip-vit-large-patch14`.
  private static final String SHA256 =
      "b0dbdd726864a2da71c0f7bb1d3857d25f1f8c43c40899dc1c32adcac6706a6c";

  /// Other models' files, which are not worth reading, are longer.
  private static final long MOST_BYTES = 8L << 20;

  /// `models--ORG--NAME/snapshots/COMMIT/tokenizer`, seen from the hub's cache.
  private static final int DEEPEST = 5;

  /// Bounds the search where somebody keeps models among everything else.
  private static final int MOST_FOLDERS = 20_000;

  /// Folders that hold no tokenizer.
  private static final Set<String> SKIPPED =
      Set.of("blobs", "unet", "vae", "text_encoder", "text_encoder_2", "node_modules");

  private ClipVocabulary() {}

  /// Whether `folder` has it: in `vocab.json` and `merges.txt`, or in `tokenizer.json`.
  public static boolean isIn(Path folder) throws IOException {
    boolean pair = isSmall(folder.resolve("vocab.json")) && isSmall(folder.resolve("merges.txt"));
    if (!pair && !isSmall(folder.resolve("tokenizer.json"))) {
      return false;
    }
    try {
      Vocabulary vocabulary = Vocabulary.read(folder);
      return vocabulary.ids().size() == SIZE && vocabulary.digest().equals(SHA256);
    } catch (ModelFormatException _) {
      return false; // another program's
    }
  }

  private static boolean isSmall(Path file) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES;
  }

  /// A folder in or under `place` that has it; nothing if there is none, or no such place.
  ///
  /// Looks some levels deep, so that the models' folders in a folder of models and in the Hugging
  /// Face hub's cache are seen.
  public static Optional<Path> findUnder(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return Optional.empty();
    }
    Search search = new Search();
    Files.walkFileTree(place, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, search);
    return search.found;
  }

  /// One walk through folders.
  private static final class Search extends SimpleFileVisitor<Path> {
    private Optional<Path> found = Optional.empty();
    private int folders;

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      Path name = folder.getFileName();
      if (++folders > MOST_FOLDERS) {
        return FileVisitResult.TERMINATE;
      }
      if (name != null && SKIPPED.contains(name.toString())) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (isIn(folder)) {
        found = Optional.of(folder);
        return FileVisitResult.TERMINATE;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE; // a folder that may not be read
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}
