package dev.latente.image;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How a picture is brought to another size and proportion. All but `STRETCH` keep the proportion
/// of what they show, as [A1111's web UI](https://github.com/AUTOMATIC1111/stable-diffusion-webui)
/// and diffusers do.
public enum Fit {
  /// Width and height change each for itself.
  STRETCH,
  /// The picture covers the new size; what stands out is cut off evenly.
  CROP,
  /// The picture lies within the new size; its outermost pixels fill the rest.
  FILL;

  /// The one users call `name`.
  ///
  /// @throws IllegalArgumentException if there is none, naming the known ones
  public static Fit named(String name) {
    for (Fit fit : values()) {
      if (fit.id().equals(name.strip().toLowerCase(Locale.ROOT))) {
        return fit;
      }
    }
    throw new IllegalArgumentException(
        "unknown resize mode '%s'; known: %s"
            .formatted(
                name, Arrays.stream(values()).map(Fit::id).collect(Collectors.joining(", "))));
  }

  /// What users call it.
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// `picture` at the size `width` x `height`, resized as Pillow's Lanczos.
  public Picture apply(Picture picture, int width, int height) {
    boolean same = picture.width() == width && picture.height() == height;
    return switch (this) {
      case STRETCH -> same ? picture : picture.resized(width, height, Resampling.LANCZOS);
      case CROP -> same ? picture : cropped(picture, width, height);
      case FILL -> same ? picture : filled(picture, width, height);
    };
  }

  private static Picture cropped(Picture picture, int width, int height) {
    boolean wide = (long) width * picture.height() > (long) height * picture.width();
    Picture resized = within(picture, width, height, wide);
    int x = resized.width() / 2 - width / 2;
    int y = resized.height() / 2 - height / 2;
    return placed(resized, -x, -y, width, height);
  }

  private static Picture filled(Picture picture, int width, int height) {
    boolean wide = (long) width * picture.height() > (long) height * picture.width();
    Picture resized = within(picture, width, height, !wide);
    int x = width / 2 - resized.width() / 2;
    int y = height / 2 - resized.height() / 2;
    return placed(resized, x, y, width, height);
  }

  /// The picture with its own proportion: of the wanted width, or else of the wanted height.
  private static Picture within(Picture picture, int width, int height, boolean byWidth) {
    long other =
        byWidth
            ? (long) picture.height() * width / picture.width()
            : (long) picture.width() * height / picture.height();
    int side = Math.toIntExact(Math.max(1, other));
    return byWidth
        ? picture.resized(width, side, Resampling.LANCZOS)
        : picture.resized(side, height, Resampling.LANCZOS);
  }

  /// The picture with its corner at (`x`, `y`); what it does not cover repeats its nearest pixel.
  static Picture placed(Picture picture, int x, int y, int width, int height) {
    byte[] from = picture.bytes();
    byte[] to = new byte[3 * width * height];
    for (int row = 0; row < height; row++) {
      int sourceRow = Math.clamp(row - y, 0, picture.height() - 1);
      for (int column = 0; column < width; column++) {
        int sourceColumn = Math.clamp(column - x, 0, picture.width() - 1);
        System.arraycopy(
            from,
            3 * (sourceRow * picture.width() + sourceColumn),
            to,
            3 * (row * width + column),
            3);
      }
    }
    return new Picture(width, height, to);
  }
}
