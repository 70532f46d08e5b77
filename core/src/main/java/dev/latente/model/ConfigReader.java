package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the fields of a component's config; a field that is absent or `null` has the fallback.
///
/// @param origin the file, for messages
record ConfigReader(String origin, ObjectNode node) {

  /// Whether the field is there and not `null`.
  boolean has(String name) {
    return !node.path(name).isMissingNode() && !node.path(name).isNull();
  }

  int integer(String name, int fallback) {
    return has(name) ? integer(name, node.path(name)) : fallback;
  }

  OptionalInt integer(String name) {
    return has(name) ? OptionalInt.of(integer(name, node.path(name))) : OptionalInt.empty();
  }

  double real(String name, double fallback) {
    return has(name) ? real(name, node.path(name)) : fallback;
  }

  boolean flag(String name, boolean fallback) {
    return has(name) ? flag(name, node.path(name)) : fallback;
  }

  String text(String name, String fallback) {
    if (!has(name)) {
      return fallback;
    }
    if (!node.path(name).isString()) {
      throw bad(name, "a text", node.path(name));
    }
    return node.path(name).stringValue();
  }

  /// A list of whole numbers; a single number is a list of one.
  List<Integer> integers(String name, List<Integer> fallback) {
    return has(name)
        ? elements(name).stream().map(element -> integer(name, element)).toList()
        : fallback;
  }

  /// A list of numbers; a single number is a list of one.
  List<Double> reals(String name, List<Double> fallback) {
    return has(name)
        ? elements(name).stream().map(element -> real(name, element)).toList()
        : fallback;
  }

  /// A list of truth values; a single one is a list of one.
  List<Boolean> flags(String name, List<Boolean> fallback) {
    return has(name)
        ? elements(name).stream().map(element -> flag(name, element)).toList()
        : fallback;
  }

  /// A list of the constants of `type`, written as in the file.
  <E extends Enum<E>> List<E> constants(String name, Class<E> type, List<E> fallback) {
    return has(name)
        ? elements(name).stream().map(element -> constant(name, type, element)).toList()
        : fallback;
  }

  /// One of the constants of `type`, whatever the case.
  <E extends Enum<E>> E constant(String name, Class<E> type, E fallback) {
    return has(name) ? constant(name, type, node.path(name)) : fallback;
  }

  /// Checks that a field, if it is there, has the only value that is supported.
  void only(String name, String supported) {
    JsonNode found = node.path(name);
    if (has(name) && !found.asString().equals(supported) && !sameNumber(found, supported)) {
      throw new ModelFormatException(
          "%s: %s: only %s is supported, found %s"
              .formatted(origin, name, supported, Json.nameOf(found)));
    }
  }

  /// Whether the field is an object.
  boolean isObject(String name) {
    return node.path(name).isObject();
  }

  /// An object inside; an absent one is empty.
  ConfigReader object(String name) {
    if (!has(name)) {
      return new ConfigReader(origin + ": " + name, Json.object());
    }
    if (node.path(name) instanceof ObjectNode inner) {
      return new ConfigReader(origin + ": " + name, inner);
    }
    throw bad(name, "an object", node.path(name));
  }

  /// A list of texts; a single one is a list of one.
  List<String> texts(String name) {
    return elements(name).stream()
        .map(element -> {
          if (element.isString()) {
            return element.stringValue();
          }
          throw bad(name, "a text", element);
        })
        .toList();
  }

  /// Checks that a field, if it is there, is the number `supported` but for rounding.
  void near(String name, double supported) {
    if (has(name) && Math.abs(real(name, supported) / supported - 1) > 1e-5) {
      throw bad(name, Double.toString(supported), node.path(name));
    }
  }

  /// Checks that a field, if it is there, has one of the values that are supported.
  void oneOf(String name, String... supported) {
    if (has(name) && !List.of(supported).contains(node.path(name).asString())) {
      throw bad(name, String.join(" or ", supported), node.path(name));
    }
  }

  /// Checks that a field is absent, `null` or false.
  void unset(String name) {
    if (has(name) && !node.path(name).equals(node.booleanNode(false))) {
      throw new ModelFormatException(
          "%s: %s is not supported, found %s"
              .formatted(origin, name, Json.nameOf(node.path(name))));
    }
  }

  /// Makes a config, and says which file is wrong if its sizes do not fit together.
  <T> T build(Supplier<T> config) {
    try {
      return config.get();
    } catch (ModelFormatException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(origin + ": " + e.getMessage(), e);
    }
  }

  private static boolean sameNumber(JsonNode found, String supported) {
    return found.isNumber()
        && supported.matches("-?[0-9.]+")
        && found.doubleValue() == Double.parseDouble(supported);
  }

  private List<JsonNode> elements(String name) {
    JsonNode found = node.path(name);
    return found.isArray() ? found.valueStream().toList() : List.of(found);
  }

  private int integer(String name, JsonNode found) {
    if (found.isNumber() && found.canConvertToInt() && found.doubleValue() % 1 == 0) {
      return found.intValue();
    }
    throw bad(name, "a whole number", found);
  }

  private double real(String name, JsonNode found) {
    if (found.isNumber()) {
      return found.doubleValue();
    }
    throw bad(name, "a number", found);
  }

  private boolean flag(String name, JsonNode found) {
    if (found.isBoolean()) {
      return found.booleanValue();
    }
    throw bad(name, "true or false", found);
  }

  private <E extends Enum<E>> E constant(String name, Class<E> type, JsonNode found) {
    for (E constant : type.getEnumConstants()) {
      if (found.isString() && found.stringValue().equalsIgnoreCase(constant.name())) {
        return constant;
      }
    }
    String known =
        Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "));
    throw bad(name, "one of " + known, found);
  }

  private ModelFormatException bad(String name, String expected, JsonNode found) {
    return new ModelFormatException(
        "%s: %s: expected %s, found %s".formatted(origin, name, expected, Json.nameOf(found)));
  }
}
