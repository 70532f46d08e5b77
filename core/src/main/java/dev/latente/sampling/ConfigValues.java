package dev.latente.sampling;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Values of a config file, checked for their type as they are read.
///
/// @param values what the file says
/// @param defaults what its class assumes instead of the usual
record ConfigValues(Map<String, Object> values, Map<String, Object> defaults) {

  boolean flag(String name, boolean usual) {
    Object value = value(name, usual);
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(name, "true or false", value);
  }

  double number(String name, double usual) {
    Object value = value(name, usual);
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw wrong(name, "a number", value);
  }

  int whole(String name, int usual) {
    Object value = value(name, usual);
    if (value instanceof Number number && number.doubleValue() == number.intValue()) {
      return number.intValue();
    }
    throw wrong(name, "a whole number", value);
  }

  String text(String name, String usual) {
    Object value = value(name, usual);
    if (value instanceof String text) {
      return text;
    }
    throw wrong(name, "a string", value);
  }

  /// Checks that a value, if it is there, is the only one that is supported.
  void only(String name, String supported) {
    Object value = value(name, supported);
    if (!value.toString().equals(supported)) {
      throw wrong(name, supported, value);
    }
  }

  /// A list of numbers, empty if there is none.
  float[] numbers(String name) {
    Object value = value(name, List.of());
    if (!(value instanceof List<?> list)) {
      throw wrong(name, "a list of numbers", value);
    }
    float[] numbers = new float[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(list.get(i) instanceof Number number)) {
        throw wrong(name, "a list of numbers", value);
      }
      numbers[i] = number.floatValue();
    }
    return numbers;
  }

  /// A value that names a constant of an enum, in lower case.
  <E extends Enum<E>> E choice(String name, Class<E> type, E usual) {
    String text = text(name, usual.name().toLowerCase(Locale.ROOT));
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    String known =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    throw wrong(name, "one of " + known, text);
  }

  private Object value(String name, Object usual) {
    return values.getOrDefault(name, defaults.getOrDefault(name, usual));
  }

  private static IllegalArgumentException wrong(String name, String wanted, Object found) {
    return new IllegalArgumentException("%s must be %s: %s".formatted(name, wanted, found));
  }
}
