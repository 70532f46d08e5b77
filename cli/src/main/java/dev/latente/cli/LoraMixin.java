package dev.latente.cli;

import dev.latente.nn.ModelFormatException;
import dev.latente.pipeline.LoraOptions;
import dev.latente.pipeline.LoraUse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// LoRAs, by their files or in the prompt.
///
/// Filled in by the command line; not thread-safe.
final class LoraMixin {
  private static final String NUMBER = "([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+))";

  /// A path, which may hold colons itself, and up to two strengths.
  private static final Pattern USE =
      Pattern.compile("(.+?)(?::%s)?(?::%s)?".formatted(NUMBER, NUMBER));

  @Option(names = "--lora", paramLabel = "FILE[:X[:Y]]", descriptionKey = "lora")
  private List<String> files = new ArrayList<>();

  @Option(names = "--lora-dir", paramLabel = "DIR", descriptionKey = "lora-dir")
  private Optional<Path> folder = Optional.empty();

  /// The LoRAs asked for.
  ///
  /// @throws IllegalArgumentException if a strength is out of range, or the folder is none
  /// @throws ModelFormatException if a file is not there
  LoraOptions options() {
    folder.ifPresent(path -> {
      if (!Files.isDirectory(path)) {
        throw new IllegalArgumentException("--lora-dir must be a folder: " + path);
      }
    });
    return new LoraOptions(files.stream().map(LoraMixin::use).toList(), folder);
  }

  private static LoraUse use(String text) {
    Matcher matcher = USE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("--lora must be FILE, FILE:X or FILE:X:Y: '" + text + "'");
    }
    double unet = matcher.group(2) == null ? 1 : Double.parseDouble(matcher.group(2));
    double te = matcher.group(3) == null ? unet : Double.parseDouble(matcher.group(3));
    Path file = Path.of(matcher.group(1));
    if (Files.notExists(file)) {
      throw new ModelFormatException(file + ": no such file");
    }
    return new LoraUse(file, unet, te);
  }
}
