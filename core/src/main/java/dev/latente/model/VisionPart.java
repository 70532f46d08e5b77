package dev.latente.model;

import dev.latente.model.Renaming.Rule;
import dev.latente.nn.ClipActivation;
import dev.latente.nn.ModelFormatException;
import dev.latente.tensor.Precision;
import dev.latente.vision.ClipImageProcessor;
import dev.latente.vision.ClipVisionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A network that looks at pictures, opened and understood, but not yet read.
///
/// @param processor what is done to a picture before
/// @param weights under the names its layers ask for
public record VisionPart(
    ClipVisionConfig config, ClipImageProcessor processor, CheckpointSource weights)
    implements AutoCloseable {
  private static final String CHECKER = "safety_checker";
  private static final String CHECKER_CLASS = "StableDiffusionSafetyChecker";

  /// transformers before version 5 put the vision model into one of the same name, and before .31
  /// saved a table of positions 0, 1, 2, … with the weights.
  private static final Renaming NAMES =
      Renaming.table(
          Rule.ignore("(.*\\.)?position_ids"),
          Rule.rename("vision_model\\.vision_model\\.(.*)", "vision_model.$1"));

  /// The safety checker of the model in `folder`, if its index names one and it is there.
  ///
  /// @param model a folder in diffusers' layout; a file has none
  /// @throws ModelFormatException if it is there, but cannot be read
  public static Optional<VisionPart> safetyChecker(Path model, Precision wanted)
      throws IOException {
    Path index = model.resolve(DiffusersFolder.INDEX);
    Path folder = model.resolve(CHECKER);
    if (!Files.isRegularFile(index) || !Files.isDirectory(folder)) {
      return Optional.empty();
    }
    String className = Json.read(index).path(CHECKER).path(1).asString("");
    if (className.isEmpty()) {
      return Optional.empty();
    }
    if (!className.equals(CHECKER_CLASS)) {
      throw new ModelFormatException(
          "%s: %s: unsupported class '%s'; supported: %s"
              .formatted(index, CHECKER, className, CHECKER_CLASS));
    }
    ConfigReader json = config(folder);
    ClipVisionConfig config =
        sizes(part(json, "vision_config"), json.integer("projection_dim", 512));
    return Optional.of(open(folder, config, processor(model, config), wanted));
  }

  /// The image encoder in `folder`: a CLIP vision model with its projection.
  ///
  /// @throws ModelFormatException if it cannot be read
  public static VisionPart imageEncoder(Path folder, Precision wanted) throws IOException {
    ConfigReader whole = config(folder);
    ConfigReader json = whole.has("vision_config") ? part(whole, "vision_config") : whole;
    ClipVisionConfig config = sizes(json, whole.integer("projection_dim", 512));
    return open(folder, config, ClipImageProcessor.clip(config.imageSize()), wanted);
  }

  /// The image encoder of the model in folder `model`, which tells how pictures are brought to it.
  ///
  /// @throws ModelFormatException if it cannot be read
  static VisionPart imageEncoderOf(Path model, Precision wanted) throws IOException {
    Path folder = model.resolve("image_encoder");
    ConfigReader json = config(folder);
    ClipVisionConfig config = sizes(json, json.integer("projection_dim", 512));
    return open(folder, config, processor(model, config), wanted);
  }

  private static VisionPart open(
      Path folder, ClipVisionConfig config, ClipImageProcessor processor, Precision wanted)
      throws IOException {
    CheckpointSource weights = WeightFiles.open(folder, DiffusersFolder.TEXT_WEIGHTS, wanted);
    return new VisionPart(config, processor, RenamedSource.of(weights, NAMES));
  }

  private static ConfigReader config(Path folder) throws IOException {
    Path path = folder.resolve("config.json");
    return new ConfigReader(path.toString(), Json.read(path));
  }

  private static ConfigReader part(ConfigReader whole, String name) {
    if (whole.node().path(name) instanceof ObjectNode node) {
      return new ConfigReader(whole.origin() + ": " + name, node);
    }
    return new ConfigReader(whole.origin(), Json.object()); // all at transformers' defaults
  }

  /// What is not said is as in transformers' `CLIPVisionConfig`.
  private static ClipVisionConfig sizes(ConfigReader json, int projection) {
    json.only("num_channels", "3");
    return json.build(() ->
        new ClipVisionConfig(
            json.integer("hidden_size", 768),
            json.integer("intermediate_size", 3072),
            json.integer("num_hidden_layers", 12),
            json.integer("num_attention_heads", 12),
            json.integer("image_size", 224),
            json.integer("patch_size", 32),
            json.constant("hidden_act", ClipActivation.class, ClipActivation.QUICK_GELU),
            json.real("layer_norm_eps", 1e-5),
            projection));
  }

  /// As the model's `feature_extractor` says, or as CLIP's if there is none.
  private static ClipImageProcessor processor(Path model, ClipVisionConfig config)
      throws IOException {
    Path path = model.resolve("feature_extractor/preprocessor_config.json");
    if (!Files.isRegularFile(path)) {
      return ClipImageProcessor.clip(config.imageSize());
    }
    ConfigReader json = new ConfigReader(path.toString(), Json.read(path));
    int side = config.imageSize();
    return json.build(() ->
        ClipImageProcessor.ofPillow(
            side(json, "size", "shortest_edge", side),
            side(json, "crop_size", "height", side),
            json.integer("resample", 3),
            json.reals("image_mean", ClipImageProcessor.CLIP_MEAN),
            json.reals("image_std", ClipImageProcessor.CLIP_DEVIATION)));
  }

  /// A length that older files give as a number and newer ones by name.
  private static int side(ConfigReader json, String name, String inner, int fallback) {
    return json.node().path(name) instanceof ObjectNode
        ? part(json, name).integer(inner, fallback)
        : json.integer(name, fallback);
  }

  /// Closes the files; weights that were read stay.
  @Override
  public void close() {
    weights.close();
  }
}
