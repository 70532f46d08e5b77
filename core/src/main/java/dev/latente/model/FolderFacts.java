package dev.latente.model;

import dev.latente.model.ModelFacts.Component;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What can be told of a folder in diffusers' layout, of a model or of one component.
final class FolderFacts {
  private static final Pattern FRONT_MATTER =
      Pattern.compile("\\A---\\R(.*?)\\R---\\s*(\\R.*)?\\z", Pattern.DOTALL);
  private static final Pattern LICENCE =
      Pattern.compile("(?m)^(license(?:_name)?):\\s*[\"']?([^\\s\"'].*?)[\"']?\\s*$");

  private FolderFacts() {}

  static ModelFacts of(Path folder) throws IOException {
    Path index = folder.resolve(DiffusersFolder.INDEX);
    if (Files.isRegularFile(index)) {
      return model(folder, Json.read(index));
    }
    Path config = folder.resolve("config.json");
    if (Files.isRegularFile(config)) {
      String type = Json.read(config).path("_class_name").asString("");
      return facts(
          folder,
          type.isEmpty() ? "a component" : "a component: " + type,
          false,
          List.of(component("weights", folder)),
          Optional.empty());
    }
    throw new ModelFormatException(
        "%s: expected a model folder with %s, or a component's with config.json, found neither"
            .formatted(folder, DiffusersFolder.INDEX));
  }

  private static ModelFacts model(Path folder, ObjectNode index) throws IOException {
    List<Component> components = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : index.properties()) {
      Path part = folder.resolve(entry.getKey());
      boolean named = entry.getValue().isArray() && entry.getValue().path(1).isString();
      if (named && Files.isDirectory(part) && hasWeights(part)) {
        components.add(component(entry.getKey(), part));
      }
    }
    String pipeline = index.path("_class_name").asString("unknown");
    Path unet = folder.resolve("unet").resolve("config.json");
    String kind = Files.isRegularFile(unet) ? kind(unet, pipeline) : pipeline;
    return facts(folder, kind, true, components, prediction(folder));
  }

  private static ModelFacts facts(
      Path folder,
      String kind,
      boolean whole,
      List<Component> components,
      Optional<String> prediction)
      throws IOException {
    return new ModelFacts(
        folder, "folder", kind, whole, components, prediction, licence(folder), Map.of());
  }

  private static String kind(Path config, String pipeline) throws IOException {
    try {
      return ModelKind.of(UNetJson.read(new ConfigReader(config.toString(), Json.read(config))))
          .toString();
    } catch (ModelFormatException _) {
      return pipeline; // of a sort that cannot be drawn with
    }
  }

  private static Optional<String> prediction(Path folder) throws IOException {
    Path file = folder.resolve("scheduler").resolve(DiffusersFolder.SCHEDULER_FILE);
    return Files.isRegularFile(file)
        ? Optional.of(Json.read(file).path("prediction_type").asString("epsilon"))
        : Optional.empty();
  }

  private static boolean hasWeights(Path folder) throws IOException {
    return !weightFiles(folder).isEmpty();
  }

  private static List<Path> weightFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*\\.(safetensors|bin)"))
          .sorted()
          .toList();
    }
  }

  private static Component component(String name, Path folder) throws IOException {
    List<Path> files = weightFiles(folder);
    boolean text =
        files.stream()
            .map(file -> file.getFileName().toString())
            .anyMatch(file -> file.startsWith("model") || file.startsWith("pytorch_model"));
    String stem = text ? DiffusersFolder.TEXT_WEIGHTS : DiffusersFolder.WEIGHTS;
    try (CheckpointSource weights = WeightFiles.open(folder, stem, Precision.F32)) {
      return new Component(name, ModelFacts.count(weights, weights.names()), files);
    }
  }

  /// The licence that the front matter of `README.md` names.
  static Optional<String> licence(Path folder) throws IOException {
    Path readme = folder.resolve("README.md");
    if (!Files.isRegularFile(readme)) {
      return Optional.empty();
    }
    String text = new String(Files.readAllBytes(readme), StandardCharsets.UTF_8);
    Matcher front = FRONT_MATTER.matcher(text);
    if (!front.matches()) {
      return Optional.empty();
    }
    Matcher licence = LICENCE.matcher(front.group(1));
    String found = "";
    while (licence.find()) { // license_name says more than "license: other"
      boolean vague = found.isEmpty() || found.equals("other");
      found = vague ? licence.group(2) : found;
    }
    return Optional.of(found).filter(name -> !name.isEmpty());
  }
}
