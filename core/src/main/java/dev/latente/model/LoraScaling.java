package dev.latente.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The scales of a LoRA's layers where its tensors do not say them: PEFT keeps them apart.
///
/// diffusers writes PEFT's settings into the file's header, one set for each network; PEFT itself
/// writes `adapter_config.json` beside the file. Without either, the scale is 1.
final class LoraScaling {
  private static final String HEADER = "lora_adapter_metadata";
  private static final String BESIDE = "adapter_config.json";
  private static final String ANY = "";

  /// PEFT's `lora_alpha`, that of single layers, and whether it is divided by the rank's root.
  private record Settings(double alpha, Map<String, Double> exceptions, boolean byRoot) {}

  private final Map<String, Settings> networks;

  private LoraScaling(Map<String, Settings> networks) {
    this.networks = networks;
  }

  /// What is said about the file at `path`.
  static LoraScaling of(Path path, Map<String, String> metadata) throws IOException {
    String header = metadata.get(HEADER);
    if (header != null) {
      JsonNode json = Json.parse(path + ": " + HEADER, utf8(header));
      Map<String, Settings> networks = new LinkedHashMap<>();
      for (String network : new String[] {"unet", "text_encoder", "text_encoder_2"}) {
        settings(json, network + ".").ifPresent(found -> networks.put(network, found));
      }
      return new LoraScaling(networks);
    }
    Path beside = path.resolveSibling(BESIDE);
    if (!path.getFileName().toString().startsWith("adapter_model") || !Files.exists(beside)) {
      return new LoraScaling(Map.of());
    }
    return settings(Json.read(beside), "")
        .map(found -> new LoraScaling(Map.of(ANY, found)))
        .orElseGet(() -> new LoraScaling(Map.of()));
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Settings> settings(JsonNode json, String prefix) {
    JsonNode alpha = json.path(prefix + "lora_alpha");
    if (!alpha.isNumber()) {
      return Optional.empty();
    }
    Map<String, Double> exceptions = new LinkedHashMap<>();
    json.path(prefix + "alpha_pattern")
        .forEachEntry((layer, value) -> {
          if (value.isNumber()) {
            exceptions.put(LoraKey.underscored(layer), value.doubleValue());
          }
        });
    boolean byRoot = json.path(prefix + "use_rslora").booleanValue(false);
    return Optional.of(new Settings(alpha.doubleValue(), exceptions, byRoot));
  }

  /// The scale of a layer whose tensors say none.
  double scale(LoraLayer layer, int rank) {
    Settings settings = networks.getOrDefault(network(layer.part()), networks.get(ANY));
    if (settings == null) {
      return 1;
    }
    double alpha =
        settings.exceptions().entrySet().stream()
            .filter(entry -> ("_" + layer.path()).endsWith("_" + entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(settings.alpha());
    // Kalajdzievski (2023), https://arxiv.org/abs/2312.03732: rank-stabilised
    return settings.byRoot() ? alpha / Math.sqrt(rank) : alpha / rank;
  }

  private static String network(LoraPart part) {
    return switch (part) {
      case UNET -> "unet";
      case TEXT, TEXT_1 -> "text_encoder";
      case TEXT_2 -> "text_encoder_2";
      case FOREIGN -> ANY;
    };
  }
}
