package dev.latente.model;

import dev.latente.model.ModelFacts.Component;
import dev.latente.nn.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What can be told of a single file.
final class FileFacts {
  private static final String WEIGHTS = "weights";

  private FileFacts() {}

  static ModelFacts of(Path path) throws IOException {
    try (CheckpointSource source = TensorFile.open(path)) {
      Detection.Finding found = Detection.find(source);
      boolean whole =
          found.architecture().isPresent() || source.metadata().containsKey(ModelSizes.KEY);
      String kind = found.what();
      Optional<String> prediction = Optional.empty();
      if (whole) {
        try (Checkpoint checkpoint = SingleFile.open(path)) {
          kind = checkpoint.kind().toString();
          prediction =
              checkpoint.predictionIsCertain()
                  ? Optional.of(checkpoint.scheduler().prediction().configName())
                  : Optional.empty();
        } catch (ModelFormatException _) {
          whole = false; // its U-Net is there, but not all of the rest
          kind = "an incomplete model of " + found.what();
        }
      }
      if (kind.equals(Detection.LORA)) {
        kind = lora(path).orElse(kind);
      }
      return new ModelFacts(
          path,
          form(source),
          kind,
          whole,
          components(source),
          prediction,
          licence(source, path),
          source.metadata());
    }
  }

  /// Nothing if it only has a LoRA's names.
  private static Optional<String> lora(Path path) throws IOException {
    try (LoraFile file = LoraFile.open(path)) {
      return Optional.of("%s (%s)".formatted(Detection.LORA, file.info().described()));
    } catch (ModelFormatException _) {
      return Optional.empty();
    }
  }

  private static String form(CheckpointSource source) {
    return switch (source) {
      case GgufFile _ -> "gguf";
      case TorchFile _ -> "pytorch";
      default -> "safetensors";
    };
  }

  private static List<Component> components(CheckpointSource source) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    source.names().stream()
        .sorted()
        .forEach(name -> names.computeIfAbsent(part(name), _ -> new ArrayList<>()).add(name));
    return names.entrySet().stream()
        .map(entry ->
            new Component(entry.getKey(), ModelFacts.count(source, entry.getValue()), List.of()))
        .toList();
  }

  /// The component a tensor belongs to, by the names of diffusers' folders.
  private static String part(String name) {
    return Stream.of(
            Map.entry("model.diffusion_model.", "unet"),
            Map.entry("first_stage_model.", "vae"),
            Map.entry("vae.", "vae"),
            Map.entry("cond_stage_model.1.", "text_encoder_2"),
            Map.entry("conditioner.embedders.1.", "text_encoder_2"),
            Map.entry("cond_stage_model.", "text_encoder"),
            Map.entry("conditioner.embedders.0.", "text_encoder"))
        .filter(entry -> name.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(WEIGHTS);
  }

  private static Optional<String> licence(CheckpointSource source, Path path) throws IOException {
    Optional<String> stated =
        Stream.of("modelspec.license", "general.license", "license")
            .map(key -> source.metadata().getOrDefault(key, ""))
            .filter(value -> !value.isBlank())
            .findFirst();
    Path folder = path.toAbsolutePath().getParent();
    return stated.isPresent() || folder == null ? stated : FolderFacts.licence(folder);
  }
}
