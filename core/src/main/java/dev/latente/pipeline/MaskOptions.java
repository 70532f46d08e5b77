package dev.latente.pipeline;

import java.util.Map;
import java.util.OptionalInt;

/// How a picture is redrawn under its mask.
///
/// @param paste whether what is not redrawn comes back as it was, bit for bit; else it is what the
///   decoder makes of it
/// @param blur by how much what is pasted fades into the rest, on both sides of the mask's border:
///   the deviation of a Gaussian in pixels, 0 to 256
/// @param feather over how many pixels inside the mask's border what is pasted fades, 0 to 256; if
///   empty, [#CROP_FEATHER] with a padding, else [#FEATHER] if the mask has no greys, which fade by
///   themselves, nor a blur
/// @param padding if present, only the part of the picture around the mask is drawn, with that many
///   pixels around it, 0 to 8192, at the full size of the request, and pasted back; the picture
///   keeps its own size
/// @param fill what stands under the mask when drawing begins
public record MaskOptions(
    boolean paste, double blur, OptionalInt feather, OptionalInt padding, MaskFill fill) {
  /// The greatest blur and feather, in pixels.
  public static final int MAX_BLUR = 256;

  /// The feather of a mask without greys, in pixels: what is drawn meets what is kept in squares of
  /// 4 or 8 pixels, so its edge would show.
  public static final int FEATHER = 4;

  /// The feather of a part that is drawn apart, in pixels.
  public static final int CROP_FEATHER = 8;

  /// Checks every number.
  ///
  /// @throws IllegalArgumentException if one is out of its range
  public MaskOptions {
    if (!(blur >= 0 && blur <= MAX_BLUR)) {
      throw new IllegalArgumentException(
          "mask blur must be from 0 to %d pixels: %s".formatted(MAX_BLUR, blur));
    }
    require("mask feather", feather, MAX_BLUR);
    require("mask padding", padding, ImageRequest.MAX_SIDE);
  }

  private static void require(String name, OptionalInt value, int most) {
    if (value.isPresent() && (value.getAsInt() < 0 || value.getAsInt() > most)) {
      throw new IllegalArgumentException(
          "%s must be from 0 to %d pixels: %d".formatted(name, most, value.getAsInt()));
    }
  }

  /// The whole picture is drawn, and what is not redrawn pasted over it.
  public static MaskOptions usual() {
    return new MaskOptions(true, 0, OptionalInt.empty(), OptionalInt.empty(), MaskFill.ORIGINAL);
  }

  /// The same, with or without what is not redrawn pasted over the picture.
  public MaskOptions withPaste(boolean other) {
    return new MaskOptions(other, blur, feather, padding, fill);
  }

  /// The same with another blur.
  public MaskOptions withBlur(double sigma) {
    return new MaskOptions(paste, sigma, feather, padding, fill);
  }

  /// The same with another feather.
  public MaskOptions withFeather(int pixels) {
    return new MaskOptions(paste, blur, OptionalInt.of(pixels), padding, fill);
  }

  /// The same, where only the part around the mask is drawn.
  public MaskOptions withPadding(int pixels) {
    return new MaskOptions(paste, blur, feather, OptionalInt.of(pixels), fill);
  }

  /// The same with another filling.
  public MaskOptions withFill(MaskFill other) {
    return new MaskOptions(paste, blur, feather, padding, other);
  }

  /// Over how many pixels what is pasted fades inside a mask.
  ///
  /// @param sharp whether it has no greys
  int featherPixels(boolean sharp) {
    int usual = sharp && blur == 0 ? FEATHER : 0;
    return feather.orElse(padding.isPresent() ? CROP_FEATHER : usual);
  }

  /// Tells of all in a picture's text, as A1111's web UI does where it has the same.
  void note(Map<String, String> values) {
    values.put("Masked content", fill.label());
    if (blur != 0) {
      values.put("Mask blur", GeneratedImage.plain(blur));
    }
    feather.ifPresent(pixels -> values.put("Mask feather", Integer.toString(pixels)));
    padding.ifPresent(pixels -> {
      values.put("Inpaint area", "Only masked");
      values.put("Masked area padding", Integer.toString(pixels));
    });
    if (!paste) {
      values.put("Mask paste", "off");
    }
  }
}
