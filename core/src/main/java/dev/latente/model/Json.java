package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes JSON objects strictly: UTF-8, no name twice, nothing after the end.
final class Json {
  private static final JsonMapper STRICT =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private Json() {}

  /// An object to be filled, which keeps the order of its names.
  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// The object in the file `path`.
  static ObjectNode read(Path path) throws IOException {
    try {
      return parse(path.toString(), ByteBuffer.wrap(Files.readAllBytes(path)));
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(path + ": no such file", e);
    }
  }

  /// The object in `utf8`; `origin` begins the messages.
  static ObjectNode parse(String origin, ByteBuffer utf8) {
    JsonNode node;
    try {
      node = STRICT.readTree(StandardCharsets.UTF_8.newDecoder().decode(utf8).toString());
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(origin + ": expected JSON in UTF-8, found other bytes", e);
    } catch (JacksonException e) {
      throw new ModelFormatException(
          "%s: expected JSON, found an error%s: %s"
              .formatted(origin, place(e), firstLine(e.getOriginalMessage())),
          e);
    }
    if (!(node instanceof ObjectNode object)) {
      throw new ModelFormatException(origin + ": expected a JSON object, found " + nameOf(node));
    }
    return object;
  }

  /// The bytes of `object` in one line.
  static byte[] compact(ObjectNode object) {
    return STRICT.writeValueAsBytes(object);
  }

  /// The bytes of `object` as people read it, ending with a line break.
  static byte[] pretty(ObjectNode object) {
    String text = STRICT.writerWithDefaultPrettyPrinter().writeValueAsString(object);
    return (text.replace("\r\n", "\n") + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// What `node` is, for messages.
  static String nameOf(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case MISSING -> "nothing";
      case NULL, BOOLEAN, NUMBER, STRING, BINARY, POJO -> node.toString();
    };
  }

  private static String place(JacksonException e) {
    return e.getLocation() == null || e.getLocation().getLineNr() < 1
        ? ""
        : " at line %d, column %d"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
