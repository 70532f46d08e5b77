package dev.latente.model;

import dev.latente.model.Checkpoint.Part;
import dev.latente.model.Checkpoint.TextEncoderPart;
import dev.latente.nn.ModelFormatException;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.text.ClipTextConfig;
import dev.latente.unet.UNetConfig;
import dev.latente.vae.VaeConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// All of a model but its weights. Files that Latente writes state it in their metadata, so that
/// they need not be of a published size, and keep their scheduler.
record ModelSizes(
    UNetConfig unet,
    VaeConfig vae,
    List<ClipTextConfig> texts,
    SchedulerConfig scheduler,
    boolean predictionIsCertain,
    boolean emptyPromptIsZeros,
    boolean requiresAestheticsScore,
    Optional<LowResolution> lowResolution) {
  /// The name among the metadata.
  static final String KEY = "latente.model";

  private static final String VERSION = "version";
  private static final String ZEROS = "force_zeros_for_empty_prompt";
  private static final String SCORE = "requires_aesthetics_score";
  private static final String LOW = "low_resolution";
  private static final String CERTAIN = "prediction_type_is_certain";

  ModelSizes {
    texts = List.copyOf(texts);
  }

  /// Those of `model`.
  ///
  /// @throws ModelFormatException if it has no autoencoder
  static ModelSizes of(Checkpoint model) {
    return new ModelSizes(
        model.unet().config(),
        vae(model).config(),
        model.textEncoders().stream().map(TextEncoderPart::config).toList(),
        model.scheduler(),
        model.predictionIsCertain(),
        model.emptyPromptIsZeros(),
        model.requiresAestheticsScore(),
        model.lowResolution());
  }

  /// The autoencoder of `model`.
  ///
  /// @throws ModelFormatException if it has none, or one of another sort
  static Part<VaeConfig> vae(Checkpoint model) {
    if (model.vae().isPresent() && model.vae().get().config() instanceof VaeConfig config) {
      return new Part<>(config, model.vae().get().weights());
    }
    throw new ModelFormatException(
        "%s: expected a model with a variational autoencoder, found %s"
            .formatted(model.origin(), model.vae().isPresent() ? "another" : "none"));
  }

  /// As one line of JSON.
  String write() {
    ObjectNode json = Json.object().put(VERSION, 1);
    json.set("unet", UNetJson.write(unet));
    json.set("vae", VaeJson.write(vae));
    ArrayNode encoders = json.putArray("text_encoders");
    texts.forEach(text -> encoders.add(ClipTextJson.write(text)));
    json.set("scheduler", SchedulerJson.write(scheduler));
    json.put(CERTAIN, predictionIsCertain)
        .put(ZEROS, emptyPromptIsZeros)
        .put(SCORE, requiresAestheticsScore);
    lowResolution.ifPresent(low -> json.set(LOW, low.write()));
    return new String(Json.compact(json), StandardCharsets.UTF_8);
  }

  /// Reads what [#write] wrote.
  ///
  /// @param file begins the messages
  static ModelSizes read(String file, String text) {
    String origin = file + ": metadata " + KEY;
    ObjectNode json = Json.parse(origin, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    ConfigReader reader = new ConfigReader(origin, json);
    reader.only(VERSION, "1");
    List<ClipTextConfig> texts = new ArrayList<>();
    for (JsonNode node : json.path("text_encoders").values()) {
      boolean projection =
          node.path("architectures")
              .path(0)
              .asString("")
              .equals(ClipTextJson.CLASS_WITH_PROJECTION);
      texts.add(ClipTextJson.read(part(origin, node, "text_encoders"), projection));
    }
    return new ModelSizes(
        UNetJson.read(part(origin, json.path("unet"), "unet")),
        VaeJson.read(part(origin, json.path("vae"), "vae")),
        texts,
        SchedulerJson.read(part(origin, json.path("scheduler"), "scheduler")),
        reader.flag(CERTAIN, true),
        reader.flag(ZEROS, false),
        reader.flag(SCORE, false),
        json.has(LOW)
            ? Optional.of(LowResolution.read(part(origin, json.path(LOW), LOW)))
            : Optional.empty());
  }

  private static ConfigReader part(String origin, JsonNode node, String name) {
    if (node instanceof ObjectNode object) {
      return new ConfigReader(origin + ": " + name, object);
    }
    throw new ModelFormatException(
        "%s: expected an object %s, found %s".formatted(origin, name, Json.nameOf(node)));
  }
}
