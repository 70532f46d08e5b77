package dev.latente.pipeline;

import dev.latente.image.GenerationParameters;
import dev.latente.image.Picture;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.Schedule;
import dev.latente.tensor.NoiseRecipe.Variation;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A finished picture, and all it takes to draw it again.
///
/// @param request of this picture alone: its own seed, and a count of 1
/// @param model the name of the model that drew it
/// @param refiner the name of the model that ended it, if another began it
/// @param sampler the one used, whether the request named it or not
/// @param schedule the one used, whether the request named it or not
/// @param cutTokens how many tokens at the prompt's end the model could not take
/// @param cutNegativeTokens how many at the negative prompt's end it could not take
/// @param embeddings the hashes of the embeddings that the prompts name, by word
/// @param flagged whether the model's safety checker took it for something not to be shown: then it
///   is black
/// @param seconds where the time went
/// @param loras what was merged into the model
public record GeneratedImage(
    Picture picture,
    ImageRequest request,
    String model,
    Optional<String> refiner,
    SamplerKind sampler,
    Schedule schedule,
    int cutTokens,
    int cutNegativeTokens,
    Map<String, String> embeddings,
    boolean flagged,
    StageSeconds seconds,
    List<AppliedLora> loras) {

  public GeneratedImage {
    loras = List.copyOf(loras);
  }

  /// The same picture, drawn with these LoRAs.
  GeneratedImage withLoras(List<AppliedLora> applied) {
    return new GeneratedImage(
        picture,
        request,
        model,
        refiner,
        sampler,
        schedule,
        cutTokens,
        cutNegativeTokens,
        embeddings,
        flagged,
        seconds,
        applied);
  }

  /// The seed that gives this picture.
  public long seed() {
    return request.seed();
  }

  /// How it was made, in the form that image programs keep in their files.
  public GenerationParameters parameters() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("Steps", Integer.toString(request.steps()));
    values.put("Sampler", sampler.label());
    values.put("Schedule type", capitalized(schedule.id()));
    values.put("CFG scale", plain(request.guidance()));
    if (request.imageGuidance() != ImageRequest.USUAL_IMAGE_GUIDANCE) {
      values.put("Image CFG scale", plain(request.imageGuidance()));
    }
    values.put("Seed", Long.toString(request.seed()));
    values.put("Size", request.width() + "x" + request.height());
    values.put("Model", model);
    request.start().ifPresent(start -> start.note(values));
    request.hires().ifPresent(hires -> hires.note(request.start().isPresent(), values));
    refiner.ifPresent(name -> values.put("Refiner", name));
    request.refinerAt().ifPresent(at -> values.put("Refiner switch at", plain(at)));
    noise(request.noise(), values);
    controls(request.controls(), values);
    references(request.references(), values);
    request.reference().note(values);
    request.depth().ifPresent(_ -> values.put("Depth", "map"));
    request.prompts().note(values);
    if (!embeddings.isEmpty()) {
      values.put(
          "TI hashes",
          embeddings.entrySet().stream()
              .map(word -> word.getKey() + ": " + word.getValue())
              .collect(Collectors.joining(", ")));
    }
    request.sampling().note(values);
    request.micro().note(values);
    if (request.watermark()) {
      values.put("Watermark", "Latente");
    }
    if (!loras.isEmpty()) {
      values.put("Lora hashes", AppliedLora.hashes(loras));
    }
    return new GenerationParameters(promptWithLoras(), request.negativePrompt(), values);
  }

  /// The prompt, in which A1111 names all LoRAs; those given by their files are named at its end.
  private String promptWithLoras() {
    return switch (request.prompts().syntax()) {
      case PLAIN -> request.prompt();
      case A1111 ->
          Stream.concat(
                  Stream.of(request.prompt()).filter(text -> !text.isEmpty()),
                  request.loras().uses().stream().map(LoraUse::tag))
              .collect(Collectors.joining(" "));
    };
  }

  private static void noise(NoiseOptions noise, Map<String, String> values) {
    if (noise.varies()) {
      Variation variation = noise.variation().orElseThrow();
      values.put("Variation seed", Long.toString(variation.seed()));
      values.put("Variation seed strength", plain(variation.strength()));
    }
    noise.drawnFor().ifPresent(size -> values.put("Seed resize from", size.toString()));
    if (noise.stepOffset() != 0) {
      values.put("ENSD", Long.toString(noise.stepOffset()));
    }
    switch (noise.source()) {
      case CPU -> values.put("RNG", "CPU");
      case CUDA -> {} // what is meant where nothing is said
    }
  }

  /// As the A1111 web UI's extension notes them.
  private static void controls(List<Control> controls, Map<String, String> values) {
    for (int i = 0; i < controls.size(); i++) {
      Control control = controls.get(i);
      values.put(
          "ControlNet " + i,
          "Model: %s, Weight: %s, Guidance Start: %s, Guidance End: %s"
              .formatted(
                  control.model().name(),
                  plain(control.weight()),
                  plain(control.start()),
                  plain(control.end())));
    }
  }

  private static void references(List<ReferencePicture> pictures, Map<String, String> values) {
    for (int i = 0; i < pictures.size(); i++) {
      ReferencePicture picture = pictures.get(i);
      values.put(
          "Reference " + i,
          "Model: %s, Weight: %s"
              .formatted(
                  picture.model().map(ReferenceModel::name).orElse("reference_only"),
                  plain(picture.weight())));
    }
  }

  private static String capitalized(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  /// A number as people write it, and as exact as it is.
  static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
