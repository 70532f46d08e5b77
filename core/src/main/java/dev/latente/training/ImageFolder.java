package dev.latente.training;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A folder of captioned pictures: Hugging Face's `imagefolder` convention, or a text file beside
/// each.
///
/// With `metadata.jsonl`, each line has `file_name` and `text`, or several `captions`; and perhaps
/// `things`, objects whose `mask` is a grey picture that is white where the thing is; and
/// `subjects`, objects of a `text` and of the `style` that it leaves unsaid. Without it, the
/// caption of `cat.png` is in `cat.txt`, or empty.
///
/// @param entries the pictures, in the order of the metadata or of their names
public record ImageFolder(List<Entry> entries) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> SUFFIXES = List.of(".png", ".jpg", ".jpeg", ".bmp", ".gif");

  /// What a picture shows, but for its style.
  ///
  /// @param text a caption
  /// @param style a name that all pictures of that style share
  public record Subject(String text, String style) {}

  /// A picture's file and what is said of it.
  ///
  /// @param captions one or more wordings, each as good as another
  /// @param masks files that show where its things are, each white on black
  /// @param map a file that shows what a control network is to learn to follow, if one was asked
  ///   for
  /// @param subjects captions that leave a style unsaid, if there are any
  public record Entry(
      Path file,
      List<String> captions,
      List<Path> masks,
      Optional<Path> map,
      List<Subject> subjects) {
    public Entry {
      captions = List.copyOf(captions);
      masks = List.copyOf(masks);
      subjects = List.copyOf(subjects);
    }

    /// The picture at `size` × `size` pixels: cut to a square at its middle, then scaled.
    public BufferedImage picture(int size) throws IOException {
      return read(file, size);
    }

    /// The masks likewise.
    List<BufferedImage> masks(int size) throws IOException {
      List<BufferedImage> read = new ArrayList<>();
      for (Path mask : masks) {
        read.add(read(mask, size));
      }
      return read;
    }

    private static BufferedImage read(Path file, int size) throws IOException {
      BufferedImage image = ImageIO.read(file.toFile());
      if (image == null) {
        throw new IOException("not a picture this program can read: " + file);
      }
      return Squares.of(image, size);
    }
  }

  public ImageFolder {
    entries = List.copyOf(entries);
  }

  /// Reads which pictures `folder` has, but not the pictures.
  ///
  /// @throws IllegalArgumentException if it has none, or its metadata is broken
  public static ImageFolder open(Path folder) throws IOException {
    return open(folder, Optional.empty());
  }

  /// Reads which pictures `folder` has, and the map of each.
  ///
  /// @param field of the lines in `metadata.jsonl` that names the map's file, such as
  ///   `conditioning_image` (the usual name in training sets of ControlNets) or `depth`
  /// @throws IllegalArgumentException if a picture has no map, or the folder is broken
  public static ImageFolder withMaps(Path folder, String field) throws IOException {
    if (!Files.exists(folder.resolve("metadata.jsonl"))) {
      throw new IllegalArgumentException(
          "maps need a metadata.jsonl with a field '%s': none in %s".formatted(field, folder));
    }
    return open(folder, Optional.of(field));
  }

  private static ImageFolder open(Path folder, Optional<String> map) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException("need a folder of pictures: " + folder);
    }
    Path metadata = folder.resolve("metadata.jsonl");
    List<Entry> entries = Files.exists(metadata) ? described(folder, metadata, map) : plain(folder);
    if (entries.isEmpty()) {
      throw new IllegalArgumentException(
          "the folder has no pictures (" + String.join(", ", SUFFIXES) + "): " + folder);
    }
    return new ImageFolder(entries);
  }

  /// The number of pictures.
  public int size() {
    return entries.size();
  }

  private static List<Entry> described(Path folder, Path metadata, Optional<String> map)
      throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String line : Files.readAllLines(metadata)) {
      if (line.isBlank()) {
        continue;
      }
      try {
        JsonNode node = JSON.readTree(line);
        List<String> captions = new ArrayList<>();
        node.path("captions").forEach(caption -> captions.add(caption.asString("")));
        if (captions.isEmpty()) {
          captions.add(node.path("text").asString(""));
        }
        List<Path> masks = new ArrayList<>();
        for (JsonNode thing : node.path("things")) {
          if (thing.path("mask").isString()) {
            masks.add(folder.resolve(thing.path("mask").asString()));
          }
        }
        Path file = folder.resolve(node.required("file_name").asString());
        Optional<Path> shown = map.map(field -> folder.resolve(node.required(field).asString()));
        List<Subject> subjects = new ArrayList<>();
        for (JsonNode subject : node.path("subjects")) {
          subjects.add(
              new Subject(
                  subject.required("text").asString(), subject.required("style").asString()));
        }
        entries.add(new Entry(file, captions, masks, shown, subjects));
      } catch (JacksonException | IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s: line %d needs an object with file_name and text%s"
                .formatted(
                    metadata, entries.size() + 1, map.map(field -> " and " + field).orElse("")),
            e);
      }
    }
    return entries;
  }

  private static List<Entry> plain(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Entry> entries = new ArrayList<>();
      for (Path file : files.filter(ImageFolder::isPicture).sorted().toList()) {
        String name = file.getFileName().toString();
        Path text = folder.resolve(name.substring(0, name.lastIndexOf('.')) + ".txt");
        String caption = Files.exists(text) ? Files.readString(text).strip() : "";
        entries.add(new Entry(file, List.of(caption), List.of(), Optional.empty(), List.of()));
      }
      return entries;
    }
  }

  private static boolean isPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return SUFFIXES.stream().anyMatch(name::endsWith)
        && !name.contains(".depth.")
        && !name.contains(".mask");
  }
}
