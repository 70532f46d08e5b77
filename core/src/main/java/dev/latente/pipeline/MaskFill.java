package dev.latente.pipeline;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What stands under a mask when drawing begins. With a strength of 1 there is nothing but noise,
/// whatever was there.
public enum MaskFill {
  /// The picture itself.
  ORIGINAL("original"),
  /// Random latents.
  NOISE("latent noise"),
  /// Latents of zeros: about a middle grey.
  ZERO("latent nothing"),
  /// The blurred colours of what surrounds it.
  BLUR("fill");

  private final String label;

  MaskFill(String label) {
    this.label = label;
  }

  /// The one users call `name`, or A1111's web UI.
  ///
  /// @throws IllegalArgumentException if there is none, naming the known ones
  public static MaskFill named(String name) {
    String wanted = name.strip().toLowerCase(Locale.ROOT);
    for (MaskFill fill : values()) {
      if (fill.id().equals(wanted) || fill.label.equals(wanted)) {
        return fill;
      }
    }
    throw new IllegalArgumentException(
        "mask fill must be one of %s: '%s'"
            .formatted(
                Arrays.stream(values()).map(MaskFill::id).collect(Collectors.joining(", ")), name));
  }

  /// What users call it.
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// What A1111's web UI calls it in a picture's text.
  public String label() {
    return label;
  }
}
