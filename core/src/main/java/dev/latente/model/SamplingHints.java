package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import tools.jackson.databind.node.ObjectNode;

/// How a model's makers advise to sample it: our own extension of `model_index.json`, such as
/// `"latente": {"steps": 12, "guidance": 4.0}`. diffusers ignores it.
///
/// @param steps sampler steps
/// @param guidance scale of classifier-free guidance
/// @param depthWeight of the ControlNet for depth that lies in the model's folder
/// @param hiresStrength how much of a picture a second, larger pass should draw over
public record SamplingHints(
    OptionalInt steps,
    OptionalDouble guidance,
    OptionalDouble depthWeight,
    OptionalDouble hiresStrength) {
  static final String FIELD = "latente";

  /// No advice.
  public static SamplingHints none() {
    OptionalDouble unsaid = OptionalDouble.empty();
    return new SamplingHints(OptionalInt.empty(), unsaid, unsaid, unsaid);
  }

  /// The name among a single file's metadata.
  static final String KEY = "latente.sampling";

  /// What the model at `path` advises: a folder in its index, a single file in its metadata.
  ///
  /// @throws ModelFormatException if the advice is not made of numbers
  public static SamplingHints read(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      try (CheckpointSource source = TensorFile.open(path)) {
        String text = source.metadata().getOrDefault(KEY, "");
        String origin = path + ": metadata " + KEY;
        return text.isEmpty()
            ? none()
            : of(
                new ConfigReader(
                    origin,
                    Json.parse(origin, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))));
      }
    }
    Path file = path.resolve(DiffusersFolder.INDEX);
    if (!Files.isRegularFile(file)) {
      return none();
    }
    ConfigReader index = new ConfigReader(file.toString(), Json.read(file));
    if (!index.has(FIELD)) {
      return none();
    }
    if (!(index.node().path(FIELD) instanceof ObjectNode advice)) {
      throw new ModelFormatException(
          "%s: %s: expected an object, found %s"
              .formatted(file, FIELD, Json.nameOf(index.node().path(FIELD))));
    }
    return of(new ConfigReader(file + ": " + FIELD, advice));
  }

  private static SamplingHints of(ConfigReader reader) {
    return new SamplingHints(
        reader.integer("steps"),
        real(reader, "guidance"),
        real(reader, "depth_weight"),
        real(reader, "hires_strength"));
  }

  private static OptionalDouble real(ConfigReader reader, String name) {
    return reader.has(name) ? OptionalDouble.of(reader.real(name, 0)) : OptionalDouble.empty();
  }

  /// As [#read] reads it; empty if there is no advice.
  ObjectNode write() {
    ObjectNode json = Json.object();
    steps.ifPresent(value -> json.put("steps", value));
    guidance.ifPresent(value -> json.put("guidance", value));
    depthWeight.ifPresent(value -> json.put("depth_weight", value));
    hiresStrength.ifPresent(value -> json.put("hires_strength", value));
    return json;
  }
}
