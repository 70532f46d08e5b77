package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The table at the start of a safetensors file, checked: which tensor lies where.
///
/// The format is described at <https://github.com/huggingface/safetensors>.
///
/// @param metadata free text about the file
/// @param entries the tensors by name, in the order of the header
record SafetensorsHeader(Map<String, String> metadata, Map<String, Entry> entries) {
  private static final String METADATA = "__metadata__";

  /// One tensor's place.
  ///
  /// @param begin its first byte, counted from the end of the header
  /// @param end the byte after its last
  record Entry(ElementType type, List<Long> shape, long begin, long end) {}

  /// Reads the header's JSON.
  ///
  /// @param file begins the messages
  /// @param dataSize bytes of the file after the header
  /// @throws ModelFormatException if the header is not as the format demands
  static SafetensorsHeader parse(String file, ByteBuffer json, long dataSize) {
    ObjectNode root = Json.parse(file + ": header", json);
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : root.properties()) {
      if (property.getKey().equals(METADATA)) {
        metadata.putAll(metadata(file, property.getValue()));
      } else {
        entries.put(
            property.getKey(), new Parser(file, property.getKey()).entry(property.getValue()));
      }
    }
    checkLayout(file, entries, dataSize);
    return new SafetensorsHeader(metadata, entries);
  }

  private static Map<String, String> metadata(String file, JsonNode node) {
    Map<String, String> metadata = new LinkedHashMap<>();
    if (!node.isObject()) {
      throw new ModelFormatException(
          "%s: %s: expected an object, found %s".formatted(file, METADATA, Json.nameOf(node)));
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      if (!property.getValue().isString()) {
        throw new ModelFormatException(
            "%s: %s: expected a text for '%s', found %s"
                .formatted(file, METADATA, property.getKey(), Json.nameOf(property.getValue())));
      }
      metadata.put(property.getKey(), property.getValue().stringValue());
    }
    return metadata;
  }

  /// The format forbids both overlaps and holes, so each tensor begins where another ends.
  private static void checkLayout(String file, Map<String, Entry> entries, long dataSize) {
    List<Map.Entry<String, Entry>> inOrder =
        entries.entrySet().stream()
            .sorted(
                Map.Entry.comparingByValue(
                    Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end)))
            .toList();
    long end = 0;
    for (Map.Entry<String, Entry> next : inOrder) {
      long begin = next.getValue().begin();
      if (begin != end) {
        throw new ModelFormatException(
            "%s: tensor '%s': expected to begin at byte %d, where the one before it ends, found %d: %s"
                .formatted(
                    file, next.getKey(), end, begin, begin < end ? "they overlap" : "a hole"));
      }
      end = next.getValue().end();
    }
    if (end != dataSize) {
      throw new ModelFormatException(
          "%s: expected %d bytes after the header, as its tensors need, found %d%s"
              .formatted(file, end, dataSize, dataSize < end ? ": the file is cut off" : ""));
    }
  }

  /// Reads one entry, with the names its messages need.
  private record Parser(String file, String tensor) {
    Entry entry(JsonNode node) {
      if (!node.isObject()) {
        throw bad("an object", Json.nameOf(node));
      }
      ElementType type = type(node.path("dtype"));
      List<Long> shape = numbers("shape", node.path("shape"));
      List<Long> offsets = numbers("data_offsets", node.path("data_offsets"));
      if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
        throw bad("data_offsets [begin, end]", offsets.toString());
      }
      long size = size(shape, type);
      if (offsets.get(1) - offsets.get(0) != size) {
        throw bad(
            "%d bytes for %s of %s".formatted(size, type, shape),
            "%d at %s".formatted(offsets.get(1) - offsets.get(0), offsets));
      }
      return new Entry(type, shape, offsets.get(0), offsets.get(1));
    }

    private ElementType type(JsonNode node) {
      for (ElementType type : ElementType.values()) {
        if (node.isString() && node.stringValue().equals(type.name())) {
          return type;
        }
      }
      String known =
          Arrays.stream(ElementType.values()).map(Enum::name).collect(Collectors.joining(", "));
      throw bad("a dtype of " + known, Json.nameOf(node));
    }

    private List<Long> numbers(String what, JsonNode node) {
      if (!node.isArray()) {
        throw bad("a list as " + what, Json.nameOf(node));
      }
      return node.valueStream().map(number -> number(what, number)).toList();
    }

    private long number(String what, JsonNode node) {
      if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
        throw bad("whole numbers from 0 to 2^63 - 1 in " + what, Json.nameOf(node));
      }
      return node.longValue();
    }

    private long size(List<Long> shape, ElementType type) {
      try {
        long size = type.bytes();
        for (long dimension : shape) {
          size = Math.multiplyExact(size, dimension);
        }
        return size;
      } catch (ArithmeticException _) {
        throw bad("a shape of less than 2^63 bytes", shape.toString());
      }
    }

    private ModelFormatException bad(String expected, String found) {
      return new ModelFormatException(
          "%s: tensor '%s': expected %s, found %s".formatted(file, tensor, expected, found));
    }
  }
}
