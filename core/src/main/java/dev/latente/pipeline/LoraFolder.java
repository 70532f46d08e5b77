package dev.latente.pipeline;

import dev.latente.model.LoraFile;
import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// LoRAs that are called by their names.
///
/// @param files in the folder and those below it, in the order of their paths
record LoraFolder(Path folder, List<Path> files) {
  private static final Set<String> ENDINGS = Set.of("safetensors", "pt", "ckpt", "bin");
  private static final int DEEPEST = 8;
  private static final int SHOWN = 12;

  static LoraFolder of(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(folder + ": expected a folder of LoRAs, found none");
    }
    try (Stream<Path> all = Files.walk(folder, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
      return new LoraFolder(
          folder, all.filter(LoraFolder::isWeights).filter(Files::isRegularFile).sorted().toList());
    }
  }

  private static boolean isWeights(Path file) {
    String name = file.toString();
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  /// The file called `name`: by its name without ending, then whatever the case, then by the name
  /// that training gave it, as A1111 looks for it.
  ///
  /// @throws IllegalArgumentException if none is called so, or several are
  Path find(String name) {
    List<Path> found = matching(file -> LoraFile.name(file).equals(name));
    if (found.isEmpty()) {
      found = matching(file -> LoraFile.name(file).equalsIgnoreCase(name));
    }
    if (found.isEmpty()) {
      found = matching(file -> isTitled(file, name));
    }
    return switch (found.size()) {
      case 1 -> found.getFirst();
      case 0 ->
          throw new IllegalArgumentException(
              "%s: expected a LoRA called '%s', found %s".formatted(folder, name, known()));
      default ->
          throw new IllegalArgumentException(
              "%s: expected one LoRA called '%s', found %s"
                  .formatted(folder, name, listed(found.stream().map(Path::toString).toList())));
    };
  }

  private List<Path> matching(Predicate<Path> test) {
    return files.stream().filter(test).toList();
  }

  private static boolean isTitled(Path file, String name) {
    try (LoraFile lora = LoraFile.open(file)) {
      return name.equals(lora.metadata().get("ss_output_name"));
    } catch (IOException | ModelFormatException e) {
      return false; // some other file
    }
  }

  private String known() {
    return files.isEmpty() ? "none" : "only " + listed(files.stream().map(LoraFile::name).toList());
  }

  private static String listed(List<String> names) {
    String shown = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return names.size() > SHOWN ? "%s and %d more".formatted(shown, names.size() - SHOWN) : shown;
  }
}
