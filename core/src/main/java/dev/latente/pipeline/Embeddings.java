package dev.latente.pipeline;

import dev.latente.image.HiddenData;
import dev.latente.image.Picture;
import dev.latente.image.Png;
import dev.latente.model.EmbeddingFile;
import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Textual-inversion embeddings by the words that stand for them in prompts.
///
/// @param files in lower case, as case does not matter to text encoders
public record Embeddings(Map<String, Path> files) {
  /// The names' ends of files that may be embeddings, in a folder of them.
  private static final List<String> ENDINGS = List.of(".pt", ".bin", ".safetensors", ".png");

  /// The name that diffusers gives all its files, which says nothing.
  private static final String UNNAMED = "learned_embeds";

  /// The keyword in a PNG.
  private static final String IN_TEXT = "sd-ti-embedding";

  public Embeddings {
    files = Map.copyOf(files);
  }

  /// None.
  public static Embeddings none() {
    return new Embeddings(Map.of());
  }

  /// These, and the one in `file` under its own name: the file's, or, of diffusers' files, that of
  /// the word it was trained with.
  ///
  /// @throws ModelFormatException if there is no such file
  public Embeddings with(Path file) throws IOException {
    require(file);
    String stem = stem(file);
    String word = stem.startsWith(UNNAMED) ? read(file).token().orElse(stem) : stem;
    return with(word, file);
  }

  /// These, and the one in `file` under the name `word`.
  ///
  /// @throws IllegalArgumentException if the word is empty
  /// @throws ModelFormatException if there is no such file
  public Embeddings with(String word, Path file) {
    require(file);
    if (word.isBlank()) {
      throw new IllegalArgumentException("an embedding needs a word: '" + word + "' for " + file);
    }
    Map<String, Path> more = new LinkedHashMap<>(files);
    more.put(word.strip().toLowerCase(Locale.ROOT), file);
    return new Embeddings(more);
  }

  /// These, and those in the files of `folder` and its folders, under the files' names; of two with
  /// one name the earlier in the alphabet counts, and one that is known already before both.
  ///
  /// @throws ModelFormatException if there is no such folder
  public Embeddings withFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new ModelFormatException(folder + ": expected a folder of embeddings, found none");
    }
    Map<String, Path> more = new LinkedHashMap<>(files);
    try (Stream<Path> inside = Files.walk(folder)) {
      inside
          .filter(file -> ENDINGS.stream().anyMatch(lower(file)::endsWith))
          .filter(Files::isRegularFile)
          .sorted()
          .forEach(file -> more.putIfAbsent(stem(file).toLowerCase(Locale.ROOT), file));
    }
    return new Embeddings(more);
  }

  private static void require(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ModelFormatException(
          "%s: expected a file with an embedding, found %s"
              .formatted(file, Files.exists(file) ? "a folder" : "nothing"));
    }
  }

  private static String lower(Path file) {
    return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
  }

  private static String stem(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /// What `file` holds.
  ///
  /// @throws ModelFormatException if that is no embedding
  static EmbeddingFile read(Path file) throws IOException {
    if (!isPng(file)) {
      return EmbeddingFile.read(file);
    }
    String origin = file.toString();
    String text = Png.text(file).getOrDefault(IN_TEXT, "");
    if (!text.isEmpty()) {
      return EmbeddingFile.parse(decoded(text, origin), origin);
    }
    byte[] json =
        HiddenData.in(Picture.read(file))
            .orElseThrow(() ->
                new ModelFormatException(
                    origin
                        + ": expected a picture that holds an embedding, found one that does not"));
    return EmbeddingFile.parse(json, origin);
  }

  private static byte[] decoded(String text, String origin) {
    try {
      return Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(origin + ": expected base64, found something else", e);
    }
  }

  private static boolean isPng(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      return new String(bytes.readNBytes(4), StandardCharsets.ISO_8859_1).equals("\u0089PNG");
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(file + ": expected an embedding, found nothing", e);
    }
  }
}
