package dev.latente.tokenizer;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads a tokenizer's text files whole.
final class JsonFile {
  private static final long MOST_BYTES = 256L << 20;
  private static final JsonMapper JSON = JsonMapper.shared();

  private JsonFile() {}

  /// The object in `file`.
  static ObjectNode read(Path file) throws IOException {
    String text = text(file);
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JacksonException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new ModelFormatException(file + ": expected JSON, found an error: " + reason, e);
    }
    return asObject(node, file.toString());
  }

  /// The object in `file`, or one without entries if there is no such file.
  static ObjectNode readIfExists(Path file) throws IOException {
    return Files.exists(file) ? read(file) : JsonNodeFactory.instance.objectNode();
  }

  /// `node`, which must be an object; `origin` begins the message.
  static ObjectNode asObject(JsonNode node, String origin) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new ModelFormatException(origin + ": expected a JSON object, found " + describe(node));
  }

  /// What `node` is, short enough for a message.
  static String describe(JsonNode node) {
    String text = node.isMissingNode() ? "nothing" : node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  /// The UTF-8 text in `file`.
  static String text(Path file) throws IOException {
    long bytes = Files.size(file);
    if (bytes > MOST_BYTES) {
      throw new ModelFormatException(
          "%s: expected at most %d bytes, found %d".formatted(file, MOST_BYTES, bytes));
    }
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(file + ": expected UTF-8 text, found other bytes", e);
    }
  }
}
