package dev.latente.image;

import dev.latente.image.PictureOrigin.Made;
import dev.latente.image.PictureOrigin.Other;
import dev.latente.image.PictureOrigin.Program;
import dev.latente.image.PictureOrigin.Unknown;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds out which program wrote a file's text, and what it says.
final class OriginReader {
  private static final List<String> INVOKEAI = List.of("invokeai_metadata", "sd-metadata", "Dream");
  private static final List<String> COMFYUI = List.of("prompt", "workflow");

  private OriginReader() {}

  /// @param text of a PNG file, keyword to value
  /// @param exif of any file
  static PictureOrigin read(Map<String, String> text, Optional<Exif> exif) {
    return Stream.of(ofText(text), exif.flatMap(OriginReader::ofExif))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(Unknown::new);
  }

  private static Optional<PictureOrigin> ofText(Map<String, String> text) {
    String parameters = text.getOrDefault(Png.PARAMETERS, "");
    if (!parameters.isBlank()) {
      return Optional.of(
          text.containsKey("fooocus_scheme") && parameters.startsWith("{")
              ? new Other(Program.FOOOCUS, parameters)
              : new Made(GenerationParameters.parse(parameters)));
    }
    Optional<PictureOrigin> invoke = first(text, INVOKEAI, Program.INVOKEAI);
    if (invoke.isPresent()) {
      return invoke;
    }
    if (text.getOrDefault("Software", "").equals(Program.NOVELAI.label())) {
      return first(text, List.of("Comment", "Description"), Program.NOVELAI);
    }
    return first(text, COMFYUI, Program.COMFYUI)
        .filter(origin -> origin instanceof Other(_, String json) && json.startsWith("{"));
  }

  private static Optional<PictureOrigin> first(
      Map<String, String> text, List<String> keywords, Program program) {
    return keywords.stream()
        .filter(text::containsKey)
        .findFirst()
        .map(keyword -> new Other(program, text.getOrDefault(keyword, "").strip()));
  }

  private static Optional<PictureOrigin> ofExif(Exif exif) {
    Optional<String> comment = exif.userComment();
    if (comment.isPresent()) {
      GenerationParameters parsed = GenerationParameters.parse(comment.orElseThrow());
      return Optional.of(parsed)
          .filter(parameters -> !parameters.values().isEmpty()) // else it is just a comment
          .map(Made::new);
    }
    return Stream.concat(
            exif.model().filter(text -> text.startsWith("prompt:")).stream(),
            exif.make().filter(text -> text.startsWith("workflow:")).stream())
        .findFirst()
        .map(text -> new Other(Program.COMFYUI, text.substring(text.indexOf(':') + 1).strip()));
  }
}
