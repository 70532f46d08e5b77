package dev.latente.scenes;

import dev.latente.scenes.draw.Renderer;
import dev.latente.scenes.world.Scene;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Writes scenes as an image folder in the convention of Hugging Face datasets: `000000.png`,
/// `000000.depth.png` (16 bit grey, white = near), `000000.mask0.png`, … and `metadata.jsonl` with
/// a line per picture.
///
/// Scenes are drawn on all processors. Their lines gather in `metadata.jsonl.part` until all
/// pictures are there. A folder that an equal call left unfinished is continued; any other folder
/// that is not empty is refused.
public final class SceneFolder {
  private static final String FINISHED = "metadata.jsonl";
  private static final String UNFINISHED = "metadata.jsonl.part";
  private static final int TOGETHER = 32; // scenes drawn at once, as soon drawn again if stopped

  private SceneFolder() {}

  /// Told after each picture; may stop the writing by throwing.
  @FunctionalInterface
  public interface Progress {
    void written(int done, int count);
  }

  /// Writes scenes to train on.
  ///
  /// @param seed of the folder; its scene i has the seed [#sceneSeed]
  /// @param size side of the pictures in pixels
  /// @throws IllegalArgumentException if the folder holds something else
  public static void write(Path folder, int count, long seed, int size, Progress progress)
      throws IOException {
    write(folder, count, seed, size, Scene::random, progress);
  }

  /// Writes scenes of combinations that training never sees.
  public static void writeHeldOut(Path folder, int count, long seed, int size, Progress progress)
      throws IOException {
    write(folder, count, seed, size, Scene::heldOut, progress);
  }

  /// The seed of a folder's scene; folders of different seeds share no scenes.
  public static long sceneSeed(long seed, int index) {
    long z = seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return (z ^ (z >>> 31)) + index;
  }

  private static void write(
      Path folder, int count, long seed, int size, LongFunction<Scene> scenes, Progress progress)
      throws IOException {
    if (count < 1 || count > 1_000_000) {
      throw new IllegalArgumentException("count must be in 1..1000000: " + count);
    }
    Files.createDirectories(folder);
    Path lines = folder.resolve(UNFINISHED);
    int done = SceneLine.done(startOrContinue(folder), scenes, seed, size);
    if (done == 0) {
      Files.writeString(lines, ""); // pictures without it would look like another folder's
    }
    for (int from = done; from < count; from += TOGETHER) {
      int number = from;
      for (String line : draw(folder, from, Math.min(TOGETHER, count - from), seed, size, scenes)) {
        Files.writeString(lines, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        number++;
        progress.written(number, count);
      }
    }
    Files.move(lines, folder.resolve(FINISHED), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Draws `count` scenes from scene `from` on, on all processors, and writes their pictures.
  ///
  /// @return their lines
  private static List<String> draw(
      Path folder, int from, int count, long seed, int size, LongFunction<Scene> scenes)
      throws IOException {
    try {
      return IntStream.range(from, from + count)
          .parallel()
          .mapToObj(i -> draw(folder, "%06d".formatted(i), scenes.apply(sceneSeed(seed, i)), size))
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String draw(Path folder, String name, Scene scene, int size) {
    try {
      RenderingFiles.write(folder, name, Renderer.render(scene, size, size));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return SceneLine.of(name, scene, size);
  }

  // The complete lines of an unfinished folder, after cutting off a torn last one.
  private static List<String> startOrContinue(Path folder) throws IOException {
    Path lines = folder.resolve(UNFINISHED);
    if (!Files.exists(lines)) {
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new IllegalArgumentException(
              "scenes need an empty folder, or one that an equal call left unfinished: " + folder);
        }
      }
      return List.of();
    }
    String text = Files.readString(lines, StandardCharsets.UTF_8);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    Files.writeString(lines, whole);
    return whole.lines().toList();
  }
}
