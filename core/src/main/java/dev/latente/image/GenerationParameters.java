package dev.latente.image;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// How a picture was made, as the text that AUTOMATIC1111's web UI keeps in a PNG file's
/// `parameters`:
///
/// ```
/// a red boat
/// Negative prompt: blurry
/// Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Version: 1.0
/// ```
///
/// @param prompt may be empty and have several lines
/// @param negativePrompt may be empty and have several lines
/// @param values what stands on the last line, in its order
public record GenerationParameters(
    String prompt, String negativePrompt, Map<String, String> values) {

  static final String NEGATIVE = "Negative prompt:";

  /// Fewer values than this do not make a line one of values (`parse_generation_parameters`).
  static final int FEWEST_VALUES = 3;

  private static final Pattern KEY = Pattern.compile("(?U)\\w[\\w \\-/]+");

  /// The order in which the web UI writes them; other keys follow, and `Version` ends the line.
  private static final List<String> ORDER =
      List.of(
          "Steps",
          "Sampler",
          "Schedule type",
          "CFG scale",
          "Distilled CFG Scale",
          "Image CFG scale",
          "Seed",
          "Face restoration",
          "Size",
          "Model hash",
          "Model",
          "VAE hash",
          "VAE",
          "Variation seed",
          "Variation seed strength",
          "Seed resize from",
          "Denoising strength",
          "Conditional mask weight",
          "Clip skip",
          "ENSD",
          "Token merging ratio",
          "Token merging ratio hr",
          "Init image hash",
          "RNG",
          "Tiling");

  /// Keeps a copy of `values`.
  ///
  /// @throws IllegalArgumentException if a key could not be read back
  public GenerationParameters {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    for (String key : values.keySet()) {
      if (!KEY.matcher(key).matches()) {
        throw new IllegalArgumentException(
            "key must be a word of letters, digits, spaces, '-' and '/': '%s'".formatted(key));
      }
    }
  }

  /// The value of `key`.
  public Optional<String> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /// The text; the values in the web UI's order.
  public String format() {
    StringBuilder text = new StringBuilder(prompt);
    if (!negativePrompt.isEmpty()) {
      text.append('\n').append(NEGATIVE).append(' ').append(negativePrompt);
    }
    List<String> pairs =
        values.entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> rank(entry.getKey())))
            .map(entry -> entry.getKey() + ": " + QuotedValue.quote(entry.getValue()))
            .toList();
    return text.append('\n').append(String.join(", ", pairs)).toString().strip();
  }

  /// Reads the text; what has no line of values is all prompt.
  public static GenerationParameters parse(String text) {
    return GenerationParametersParser.parse(text);
  }

  private static int rank(String key) {
    int place = ORDER.indexOf(key);
    if (place >= 0) {
      return place;
    }
    return key.equals("Version") ? ORDER.size() + 1 : ORDER.size();
  }
}
