package dev.latente.pipeline;

import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes the tiny models as single files in the original naming, as tools/reference says.
final class SingleFiles {
  private SingleFiles() {}

  /// Writes the model called `name` to `file`.
  static Path write(String name, Path file) throws IOException {
    return write(name, Reference.FOLDER.resolve(name), file);
  }

  /// Writes the model called `name`, whose parts lie in `folder`, to `file`.
  static Path write(String name, Path folder, Path file) throws IOException {
    Map<String, SafetensorsFile> components = new HashMap<>();
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Scope _ = Scope.open()) {
      for (Map.Entry<String, JsonNode> entry : names(name).properties()) {
        List<Tensor> parts = new ArrayList<>();
        for (JsonNode part : entry.getValue().path(1).values()) {
          String[] path = part.stringValue().split("/", 2);
          if (!components.containsKey(path[0])) {
            components.put(path[0], SafetensorsFile.open(weights(folder.resolve(path[0]))));
          }
          parts.add(components.get(path[0]).read(path[1], Precision.F16));
        }
        Tensor whole = made(entry.getValue().path(0).stringValue(), parts);
        boolean number = entry.getKey().endsWith("position_ids");
        writer.add(entry.getKey(), whole, number ? ElementType.I64 : ElementType.F16);
      }
      writer.write(file);
    } finally {
      components.values().forEach(SafetensorsFile::close);
    }
    return file;
  }

  private static Tensor made(String form, List<Tensor> parts) {
    Tensor first = parts.getFirst();
    return switch (form) {
      case "same" -> first;
      case "stack" -> Tensor.concat(0, parts.toArray(Tensor[]::new));
      case "transposed" -> first.transpose(0, 1).contiguous();
      case "image" -> first.reshape(first.size(0), first.size(1), 1, 1);
      default -> throw new IllegalArgumentException(form);
    };
  }

  private static JsonNode names(String name) throws IOException {
    Path file = Reference.FOLDER.resolve("single-files.json.gz");
    try (InputStream json = new GZIPInputStream(Files.newInputStream(file))) {
      return JsonMapper.shared().readTree(json).path(name);
    }
  }

  private static Path weights(Path component) throws IOException {
    try (var files = Files.list(component)) {
      return files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .findFirst()
          .orElseThrow();
    }
  }
}
