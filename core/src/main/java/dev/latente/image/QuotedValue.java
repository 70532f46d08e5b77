package dev.latente.image;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A value on the line of values: as it is, or as a JSON string where it would be misread.
final class QuotedValue {
  private static final JsonMapper JSON = JsonMapper.shared();

  private QuotedValue() {}

  /// `value` as it stands in the text.
  static String quote(String value) {
    boolean plain =
        !value.isEmpty()
            && value.equals(value.strip())
            && value.chars().noneMatch(c -> c == ',' || c == '\n' || c == ':')
            && !value.startsWith("\"");
    return plain ? value : JSON.writeValueAsString(value);
  }

  /// What `text` stands for.
  static String unquote(String text) {
    if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) {
      return text;
    }
    try {
      return JSON.readValue(text, String.class);
    } catch (JacksonException _) {
      return text;
    }
  }
}
