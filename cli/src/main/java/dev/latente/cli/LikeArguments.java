package dev.latente.cli;

import dev.latente.image.GenerationParameters;
import dev.latente.image.PictureInfo;
import dev.latente.image.PictureOrigin;
import dev.latente.sampling.SamplerChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The command line that draws a picture again, from what its file says.
///
/// @param file the picture's
/// @param made what it says
record LikeArguments(Path file, GenerationParameters made) {
  /// Keys whose value goes to an option as it is.
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("Steps", "--steps"),
          Map.entry("CFG scale", "--guidance"),
          Map.entry("Image CFG scale", "--image-guidance"),
          Map.entry("Seed", "--seed"),
          Map.entry("Size", "--size"),
          Map.entry("Variation seed", "--subseed"),
          Map.entry("Variation seed strength", "--subseed-strength"),
          Map.entry("Seed resize from", "--seed-resize"),
          Map.entry("ENSD", "--eta-seed"),
          Map.entry("Eta", "--eta"),
          Map.entry("Guidance rescale", "--guidance-rescale"),
          Map.entry("Guidance interval", "--guidance-interval"),
          Map.entry("Cache interval", "--cache-interval"),
          Map.entry("Prediction", "--prediction"),
          Map.entry("Clip skip", "--clip-skip"),
          Map.entry("Emphasis", "--emphasis"),
          Map.entry("Prompt syntax", "--prompt-syntax"),
          Map.entry("Hires upscale", "--hires"),
          Map.entry("Hires upscaler", "--hires-upscaler"),
          Map.entry("Hires steps", "--hires-steps"),
          Map.entry("Hires strength", "--hires-strength"),
          Map.entry("Reference fidelity", "--reference-fidelity"),
          Map.entry("Reference colours", "--reference-colours"),
          Map.entry("Reference noise", "--reference-noise"),
          Map.entry("Upscale noise", "--upscale-noise"),
          Map.entry("Refiner", "--refiner"),
          Map.entry("Refiner switch at", "--refiner-at"),
          Map.entry("Original size", "--original-size"),
          Map.entry("Target size", "--target-size"),
          Map.entry("Crop", "--crop"),
          Map.entry("Negative Original size", "--negative-original-size"),
          Map.entry("Negative Target size", "--negative-target-size"),
          Map.entry("Negative Crop", "--negative-crop"),
          Map.entry("Aesthetic score", "--aesthetic-score"),
          Map.entry("Negative aesthetic score", "--negative-aesthetic-score"));

  /// Keys that [#options] reads in its own way.
  private static final Set<String> READ =
      Set.of(
          "Sampler",
          "Schedule type",
          "RNG",
          "Noise Schedule",
          "Model",
          "Watermark",
          "Skip Early CFG");

  /// Keys that say nothing on how to draw it, or what the prompt says as well.
  private static final Set<String> REMARKS =
      Set.of(
          "Version",
          "Model hash",
          "VAE hash",
          "Hashes",
          "Lora hashes",
          "TI hashes",
          "User",
          "Batch size",
          "Batch pos");

  /// The picture that one began with is no part of its text, and has to be given again.
  private static final String INIT = "--init";

  private static final String STRENGTH = "Denoising strength";

  /// Where both a start picture and a second pass have a strength, this is the latter's.
  private static final String HIRES_STRENGTH = "Hires strength";

  /// How our own versions begin.
  static final String OWN = "Latente";

  /// The arguments for a picture.
  ///
  /// @throws IOException if the file cannot be read
  /// @throws IllegalArgumentException if it does not say how it was made
  static LikeArguments of(Path file) throws IOException {
    return switch (PictureInfo.read(file).origin()) {
      case PictureOrigin.Made(GenerationParameters made) when !made.values().isEmpty() ->
          new LikeArguments(file, made);
      case PictureOrigin.Other(PictureOrigin.Program program, _) ->
          throw new IllegalArgumentException(
              "%s: expected parameters in the form of A1111's web UI, found %s's own"
                  .formatted(file, program.label()));
      case PictureOrigin.Made _, PictureOrigin.Unknown _ ->
          throw new IllegalArgumentException(
              file + ": expected a picture that says how it was made, found nothing about it");
    };
  }

  /// The options in the form `--name=value`, but those that were given by hand.
  ///
  /// @param given whether an option was
  List<String> options(Predicate<String> given) {
    Map<String, String> options = new LinkedHashMap<>();
    made.values()
        .forEach((key, value) -> {
          if (OPTIONS.containsKey(key)) {
            options.put(OPTIONS.get(key), value);
          }
        });
    if (!made.negativePrompt().isEmpty()) {
      options.put("--negative", made.negativePrompt());
    }
    made.value("Sampler").ifPresent(sampler -> sampling(sampler, options));
    if (!made.value("RNG").map("CPU"::equals).orElse(false)) {
      options.put("--rng", "philox"); // what A1111's web UI means where it says nothing
    }
    made.value("Skip Early CFG")
        .flatMap(this::guidedLate)
        .ifPresent(interval -> options.put("--guidance-interval", interval));
    List<String> arguments = new ArrayList<>();
    options.forEach((name, value) -> {
      if (!given.test(name)) {
        arguments.add(name + "=" + value);
      }
    });
    strength(given, arguments);
    if (given.test(INIT)) {
      new StartArguments(made).add(given, arguments);
    }
    flag("--rescale-zero-terminal-snr", "Noise Schedule", "Zero Terminal SNR", given, arguments);
    boolean own = made.value("Version").filter(version -> version.startsWith(OWN)).isPresent();
    if (own && made.value("Watermark").isEmpty() && !given.test("--no-watermark")) {
      arguments.add("--no-watermark");
    }
    return arguments;
  }

  /// The strength of the picture that one began with, or else of the second pass.
  private void strength(Predicate<String> given, List<String> arguments) {
    boolean begun = made.value("Hires upscale").isEmpty() || made.value(HIRES_STRENGTH).isPresent();
    String option = begun ? "--strength" : "--hires-strength";
    if ((!begun || given.test(INIT)) && !given.test(option)) {
      made.value(STRENGTH).ifPresent(value -> arguments.add(option + "=" + value));
    }
  }

  private void sampling(String sampler, Map<String, String> options) {
    Optional<String> schedule = made.value("Schedule type");
    SamplerChoice choice =
        schedule
            .map(name -> SamplerChoice.named(sampler, name))
            .orElse(SamplerChoice.named(sampler));
    options.put("--sampler", choice.sampler().id());
    choice.schedule().ifPresent(levels -> options.put("--schedule", levels.id()));
  }

  /// A1111's web UI leaves guidance out up to and with the step that begins at `share`.
  private Optional<String> guidedLate(String share) {
    try {
      int steps = Integer.parseInt(made.value("Steps").orElse(""));
      int first = (int) Math.floor(Double.parseDouble(share) * steps) + 1;
      return first < steps ? Optional.of(first / (double) steps + "-1") : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private void flag(
      String option, String key, String value, Predicate<String> given, List<String> arguments) {
    if (made.value(key).filter(value::equals).isPresent() && !given.test(option)) {
      arguments.add(option);
    }
  }

  /// The hashes of the embeddings that the prompts name, by word.
  Map<String, String> embeddings() {
    Map<String, String> hashes = new LinkedHashMap<>();
    for (String each : made.value("TI hashes").orElse("").split(", *", -1)) {
      int colon = each.lastIndexOf(':');
      if (colon > 0) {
        hashes.put(each.substring(0, colon).strip(), each.substring(colon + 1).strip());
      }
    }
    return hashes;
  }

  /// The name of the model, if it is told.
  Optional<String> model() {
    return made.value("Model");
  }

  /// What was said but is not repeated, in alphabetical order.
  ///
  /// @param given whether an option was given by hand
  List<String> left(Predicate<String> given) {
    Set<String> left = new TreeSet<>(made.values().keySet());
    left.removeAll(OPTIONS.keySet());
    left.removeAll(READ);
    left.removeAll(REMARKS);
    if (given.test(INIT) || made.value("Hires upscale").isPresent()) {
      left.remove(STRENGTH);
    }
    if (given.test(INIT)) {
      left.removeAll(new StartArguments(made).repeated(given));
    }
    return List.copyOf(left);
  }
}
