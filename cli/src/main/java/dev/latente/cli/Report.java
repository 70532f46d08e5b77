package dev.latente.cli;

import dev.latente.pipeline.AppliedLora;
import dev.latente.pipeline.GeneratedImage;
import dev.latente.pipeline.ImageRequest;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One line of JSON about one picture, for other programs.
final class Report {
  private static final JsonMapper JSON = JsonMapper.shared();

  private Report() {}

  /// @param loadSeconds how long the model took to load
  static String line(Path file, GeneratedImage image, double loadSeconds) {
    ImageRequest request = image.request();
    ObjectNode json = JSON.createObjectNode();
    json.put("file", file.toString())
        .put("seed", image.seed())
        .put("model", image.model())
        .put("width", image.picture().width())
        .put("height", image.picture().height())
        .put("steps", request.steps())
        .put("sampler", image.sampler().id())
        .put("schedule", image.schedule().id())
        .put("guidance", request.guidance())
        .put("flagged", image.flagged())
        .put("cut_tokens", image.cutTokens())
        .put("cut_negative_tokens", image.cutNegativeTokens());
    ObjectNode embeddings = json.putObject("embeddings");
    image.embeddings().forEach(embeddings::put);
    json.putObject("seconds")
        .put("load", rounded(loadSeconds))
        .put("text", rounded(image.seconds().text()))
        .put("denoise", rounded(image.seconds().denoise()))
        .put("decode", rounded(image.seconds().decode()));
    ArrayNode loras = json.putArray("loras");
    for (AppliedLora lora : image.loras()) {
      loras
          .addObject()
          .put("name", lora.name())
          .put("unet", lora.use().unet())
          .put("text", lora.use().text())
          .put("unet_layers", lora.unetLayers())
          .put("text_layers", lora.textLayers())
          .put("unmatched", lora.unmatched().size())
          .put("sha256", lora.sha256());
    }
    json.put("peak_memory_bytes", PeakMemory.bytes());
    return JSON.writeValueAsString(json);
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }
}
