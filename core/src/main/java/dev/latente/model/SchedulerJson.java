package dev.latente.model;

import dev.latente.sampling.SchedulerConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `scheduler/scheduler_config.json` of a diffusers folder.
final class SchedulerJson {
  private static final String CLASS_NAME = "_class_name";

  private SchedulerJson() {}

  /// Reads what the file says; what it leaves out is for the scheduler's class to know.
  static SchedulerConfig read(ConfigReader json) {
    Map<String, Object> values = new HashMap<>();
    json.node()
        .properties()
        .forEach(entry -> {
          if (!entry.getKey().startsWith("_")) {
            value(entry.getValue()).ifPresent(value -> values.put(entry.getKey(), value));
          }
        });
    return json.build(() -> SchedulerConfig.of(json.text(CLASS_NAME, "PNDMScheduler"), values));
  }

  private static Optional<Object> value(JsonNode node) {
    return switch (node.getNodeType()) {
      case BOOLEAN -> Optional.of(node.booleanValue());
      case NUMBER ->
          Optional.of(node.isIntegralNumber() ? (Object) node.intValue() : node.doubleValue());
      case STRING -> Optional.of(node.stringValue());
      case ARRAY -> Optional.of(values(node));
      case MISSING, NULL, OBJECT, BINARY, POJO -> Optional.empty();
    };
  }

  private static List<Object> values(JsonNode array) {
    List<Object> values = new ArrayList<>();
    array.values().forEach(element -> value(element).ifPresent(values::add));
    return List.copyOf(values);
  }

  static ObjectNode write(SchedulerConfig config) {
    ObjectNode json = Json.object().put(CLASS_NAME, config.className());
    new TreeMap<>(config.values()).forEach((name, value) -> put(json, name, value));
    return json;
  }

  private static void put(ObjectNode json, String name, Object value) {
    switch (value) {
      case Boolean flag -> json.put(name, flag);
      case Integer number -> json.put(name, number);
      case Number number -> json.put(name, number.doubleValue());
      case List<?> list -> {
        ArrayNode array = json.putArray(name);
        list.forEach(element -> array.add(((Number) element).doubleValue()));
      }
      default -> json.put(name, value.toString());
    }
  }
}
