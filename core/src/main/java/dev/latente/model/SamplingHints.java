package dev.latente.model;

import dev.latente.nn.ModelFormatException;
import java.io.IOException;
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
public record SamplingHints(OptionalInt steps, OptionalDouble guidance) {
  static final String FIELD = "latente";

  /// No advice.
  public static SamplingHints none() {
    return new SamplingHints(OptionalInt.empty(), OptionalDouble.empty());
  }

  /// What the model at `path` advises: nothing if it is a single file.
  ///
  /// @throws ModelFormatException if the advice is not made of numbers
  public static SamplingHints read(Path path) throws IOException {
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
    ConfigReader reader = new ConfigReader(file + ": " + FIELD, advice);
    return new SamplingHints(
        reader.integer("steps"),
        reader.has("guidance")
            ? OptionalDouble.of(reader.real("guidance", 0))
            : OptionalDouble.empty());
  }
}
