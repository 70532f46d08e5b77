package dev.latente.scenes.judge;

import dev.latente.model.SafetensorsFile;
import dev.latente.model.SafetensorsWriter;
import dev.latente.nn.ModelFormatException;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.scenes.world.Colour;
import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Manner;
import dev.latente.scenes.world.Place;
import dev.latente.scenes.world.Thing;
import dev.latente.scenes.world.TimeOfDay;
import dev.latente.tensor.Device;
import dev.latente.tensor.ElementType;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A judge in files: `config.json` with the sizes and the labels in their order, and
/// `model.safetensors`.
final class JudgeFolder {
  static final String CONFIG = "config.json";
  static final String MODEL = "model.safetensors";

  private static final JsonMapper JSON = new JsonMapper();

  /// What the judge's outputs mean; a judge trained on another world is refused.
  private static final Map<String, Enum<?>[]> LABELS =
      Map.of(
          "time", TimeOfDay.values(),
          "ground", Ground.values(),
          "manner", Manner.values(),
          "thing", Thing.values(),
          "colour", Colour.values(),
          "place", Place.values());

  /// A network and what frees it.
  record Loaded(JudgeConfig config, JudgeNetwork network, StoredWeights weights) {}

  private JudgeFolder() {}

  /// Writes both files, numbers as f16.
  static void write(Path folder, JudgeConfig config, Map<String, Tensor> weights)
      throws IOException {
    Files.createDirectories(folder);
    new SafetensorsWriter().addAll(weights, ElementType.F16).write(folder.resolve(MODEL));
    ObjectNode root = JSON.createObjectNode().put("picture_size", config.pictureSize());
    ArrayNode channels = root.putArray("channels");
    config.channels().forEach(channels::add);
    ArrayNode blocks = root.putArray("blocks");
    config.blocks().forEach(blocks::add);
    root.put("hidden", config.hidden());
    ObjectNode labels = root.putObject("labels");
    LABELS.keySet().stream()
        .sorted()
        .forEach(name -> words(name).forEach(labels.putArray(name)::add));
    Path temporary = folder.resolve("." + CONFIG + ".tmp");
    Files.writeString(
        temporary, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    Files.move(temporary, folder.resolve(CONFIG), StandardCopyOption.REPLACE_EXISTING);
  }

  /// Reads both files.
  ///
  /// @throws ModelFormatException if they are missing or not a judge of this world
  static Loaded read(Path config, Path model) throws IOException {
    JudgeConfig sizes = config(config);
    try (SafetensorsFile file = SafetensorsFile.open(model)) {
      StoredWeights weights = new StoredWeights(file, Device.CPU, Precision.F32);
      JudgeNetwork network = JudgeNetwork.of(Weights.of(weights), sizes);
      weights.finish(_ -> false);
      return new Loaded(sizes, network, weights);
    }
  }

  private static JudgeConfig config(Path file) throws IOException {
    try {
      JsonNode root = JSON.readTree(Files.readString(file));
      for (String name : LABELS.keySet()) {
        List<String> found = texts(root.path("labels").path(name));
        if (!found.equals(words(name))) {
          throw new ModelFormatException(
              "%s: expected the labels of %s to be %s, found %s"
                  .formatted(file, name, words(name), found));
        }
      }
      return new JudgeConfig(
          root.path("picture_size").asInt(0),
          integers(root.path("channels")),
          integers(root.path("blocks")),
          root.path("hidden").asInt(0));
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(file + ": no such file", e);
    } catch (ModelFormatException e) {
      throw e;
    } catch (JacksonException | IllegalArgumentException e) {
      throw new ModelFormatException(
          "%s: expected a judge's config, found %s"
              .formatted(file, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(node -> node.asString("")).toList();
  }

  private static List<Integer> integers(JsonNode list) {
    return list.valueStream().map(node -> node.asInt(0)).toList();
  }

  private static List<String> words(String name) {
    return Arrays.stream(LABELS.getOrDefault(name, new Enum<?>[0]))
        .map(label -> label.name().toLowerCase(Locale.ROOT))
        .toList();
  }
}
