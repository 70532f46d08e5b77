package dev.latente.pipeline;

import dev.latente.image.GenerationParameters;
import dev.latente.image.Picture;
import dev.latente.sampling.SamplerKind;
import dev.latente.sampling.Schedule;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A finished picture, and all it takes to draw it again.
///
/// @param request of this picture alone: its own seed, and a count of 1
/// @param model the name of the model that drew it
/// @param sampler the one used, whether the request named it or not
/// @param schedule the one used, whether the request named it or not
/// @param cutTokens how many tokens at the prompt's end the model could not take
/// @param cutNegativeTokens how many at the negative prompt's end it could not take
/// @param seconds where the time went
public record GeneratedImage(
    Picture picture,
    ImageRequest request,
    String model,
    SamplerKind sampler,
    Schedule schedule,
    int cutTokens,
    int cutNegativeTokens,
    StageSeconds seconds) {

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
    values.put("Seed", Long.toString(request.seed()));
    values.put("Size", request.width() + "x" + request.height());
    values.put("Model", model);
    values.put("RNG", "CPU");
    request.prompts().note(values);
    return new GenerationParameters(request.prompt(), request.negativePrompt(), values);
  }

  private static String capitalized(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
