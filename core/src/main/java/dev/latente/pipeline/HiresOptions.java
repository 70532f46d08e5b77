package dev.latente.pipeline;

import java.util.Map;
import java.util.OptionalInt;

/// A second pass at a larger size, as [A1111's web
/// UI](https://github.com/AUTOMATIC1111/stable-diffusion-webui/blob/master/modules/processing.py)
/// has it ("hires fix"): a model composes well only at the size it was trained on, so it draws at
/// that size, and then draws the enlarged picture over.
///
/// @param scale how many times wider and higher the picture becomes, above 1 and at most 8
/// @param upscaler how it is enlarged
/// @param strength how much of it may change, above 0 and at most 1
/// @param steps of the second pass, all of which are taken; as many as of the first if empty
public record HiresOptions(
    double scale, HiresUpscaler upscaler, double strength, OptionalInt steps) {
  /// The greatest scale.
  public static final double MAX_SCALE = 8;

  /// What A1111's web UI begins with.
  public static final double USUAL_STRENGTH = 0.7;

  /// A1111's greatest share of noise, so that a schedule is never shorter than its steps.
  private static final double MOST_NOISE = 0.999;

  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException if one is out of its range
  public HiresOptions {
    if (!(scale > 1 && scale <= MAX_SCALE)) {
      throw new IllegalArgumentException(
          "hires scale must be above 1 and at most %.0f: %s".formatted(MAX_SCALE, scale));
    }
    if (!(strength > 0 && strength <= 1)) {
      throw new IllegalArgumentException(
          "hires strength must be above 0 and at most 1: " + strength);
    }
    if (steps.isPresent() && (steps.getAsInt() < 1 || steps.getAsInt() > ImageRequest.MAX_STEPS)) {
      throw new IllegalArgumentException(
          "hires steps must be from 1 to %d: %d"
              .formatted(ImageRequest.MAX_STEPS, steps.getAsInt()));
    }
  }

  /// A picture `scale` times wider and higher, with everything else as A1111's web UI begins.
  public static HiresOptions of(double scale) {
    return new HiresOptions(scale, HiresUpscaler.LATENT, USUAL_STRENGTH, OptionalInt.empty());
  }

  /// The same with another way to enlarge.
  public HiresOptions withUpscaler(HiresUpscaler other) {
    return new HiresOptions(scale, other, strength, steps);
  }

  /// The same with another strength.
  public HiresOptions withStrength(double other) {
    return new HiresOptions(scale, upscaler, other, steps);
  }

  /// The same with `count` steps in the second pass.
  public HiresOptions withSteps(int count) {
    return new HiresOptions(scale, upscaler, strength, OptionalInt.of(count));
  }

  /// The size of the second pass: whole multiples of what sides are multiples of, rounded down.
  public PixelSize size(PixelSize first) {
    return new PixelSize(side(first.width()), side(first.height()));
  }

  private int side(int pixels) {
    int multiple = ImageRequest.MULTIPLE;
    return (int) (pixels * scale) / multiple * multiple;
  }

  /// How many steps the second pass takes after a first of `first`.
  int taken(int first) {
    return steps.orElse(first);
  }

  /// The request of the second pass, with the steps of a whole schedule: the last [#taken] of them
  /// are taken.
  ///
  /// @throws IllegalArgumentException if the picture or the schedule becomes too large
  ImageRequest second(ImageRequest first) {
    PixelSize size = size(first.size());
    int all = (int) (taken(first.steps()) / Math.min(strength, MOST_NOISE));
    if (all > ImageRequest.MAX_STEPS) {
      throw new IllegalArgumentException(
          "hires: %d steps at strength %s need a schedule of at most %d steps: %d"
              .formatted(taken(first.steps()), strength, ImageRequest.MAX_STEPS, all));
    }
    return first.toBuilder().size(size.width(), size.height()).steps(all).build();
  }

  /// Puts itself among a picture's parameters, under A1111's names.
  ///
  /// @param begun whether the picture began with another one, whose strength bears the usual name
  void note(boolean begun, Map<String, String> values) {
    values.put(begun ? "Hires strength" : "Denoising strength", GeneratedImage.plain(strength));
    values.put("Hires upscale", GeneratedImage.plain(scale));
    steps.ifPresent(count -> values.put("Hires steps", Integer.toString(count)));
    values.put("Hires upscaler", upscaler.label());
  }
}
