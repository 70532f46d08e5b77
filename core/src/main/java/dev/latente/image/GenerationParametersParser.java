package dev.latente.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads a `parameters` text as the web UI's `parse_generation_parameters` does.
///
/// Its pattern for a value, `\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)`, is matched by
/// hand: in linear time, and without recursion on long values.
final class GenerationParametersParser {
  private final String line;
  private final Map<String, String> values = new LinkedHashMap<>();
  private int count;
  private int position;

  private GenerationParametersParser(String line) {
    this.line = line;
  }

  static GenerationParameters parse(String text) {
    List<String> lines = new ArrayList<>(List.of(text.strip().split("\n", -1)));
    GenerationParametersParser last = new GenerationParametersParser(lines.getLast());
    last.readAll();
    Map<String, String> values = Map.of();
    if (last.count >= GenerationParameters.FEWEST_VALUES) {
      lines.removeLast();
      values = last.values;
    }
    List<String> prompt = new ArrayList<>();
    List<String> negative = new ArrayList<>();
    List<String> current = prompt;
    for (String untrimmed : lines) {
      String line = untrimmed.strip();
      if (line.startsWith(GenerationParameters.NEGATIVE)) {
        current = negative;
        line = line.substring(GenerationParameters.NEGATIVE.length()).strip();
      }
      current.add(line);
    }
    return new GenerationParameters(join(prompt), join(negative), values);
  }

  /// Lines in one text; the empty ones at its start do not count.
  private static String join(List<String> lines) {
    return String.join("\n", lines.stream().dropWhile(String::isEmpty).toList());
  }

  private void readAll() {
    int colon = line.indexOf(':');
    while (colon >= 0) {
      int key = keyStart(colon);
      if (key < 0) {
        position = colon + 1;
      } else {
        String value = readValue(colon + 1);
        count++;
        values.put(line.substring(key, colon), QuotedValue.unquote(value));
      }
      colon = position > line.length() ? -1 : line.indexOf(':', position);
    }
  }

  /// Where the key before `colon` starts, or -1 if there is none of at least two characters.
  private int keyStart(int colon) {
    int start = colon;
    int key = -1;
    while (start > position && isInKey(line.codePointBefore(start))) {
      int codePoint = line.codePointBefore(start);
      start -= Character.charCount(codePoint);
      if (isWord(codePoint)) {
        key = start;
      }
    }
    boolean longEnough = key >= 0 && line.codePointCount(key, colon) >= 2;
    return longEnough ? key : -1;
  }

  /// The value from `start` on; moves behind the comma that ends it.
  private String readValue(int start) {
    int from = start;
    while (from < line.length() && Character.isWhitespace(line.charAt(from))) {
      from++;
    }
    int end = quotedEnd(from);
    if (end < 0) {
      int comma = line.indexOf(',', from);
      end = comma < 0 ? line.length() : comma;
    }
    position = end + 1;
    return line.substring(from, end);
  }

  /// The end of a quoted value that a comma or the line's end follows, or -1.
  private int quotedEnd(int start) {
    if (start >= line.length() || line.charAt(start) != '"') {
      return -1;
    }
    int i = start + 1;
    while (i < line.length() && line.charAt(i) != '"') {
      i += line.charAt(i) == '\\' ? 2 : 1;
    }
    boolean whole = i < line.length() && i > start + 1;
    return whole && (i + 1 == line.length() || line.charAt(i + 1) == ',') ? i + 1 : -1;
  }

  private static boolean isInKey(int codePoint) {
    return codePoint == ' ' || codePoint == '-' || codePoint == '/' || isWord(codePoint);
  }

  private static boolean isWord(int codePoint) {
    return codePoint == '_' || Character.isLetterOrDigit(codePoint);
  }
}
