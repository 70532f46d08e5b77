package dev.latente.image;

/// What stands around the masked part of a picture, spread over it.
public final class Surroundings {
  private static final int CHANNELS = 4; // red, green and blue times the opacity; the opacity

  /// The blurs that lie above each other, from the widest, and how many times each, as A1111's web
  /// UI has it for masked content "fill".
  private static final int[][] BLURS = {{256, 1}, {64, 1}, {16, 2}, {4, 4}, {2, 2}, {0, 1}};

  private static final int FRACTION = 1 << 7;

  private Surroundings() {}

  /// `picture` with the white part of `mask` covered by blurred colours of the rest: near the
  /// border by those next to it, farther inside by those of a wider neighbourhood. Where all is
  /// masked, it is black.
  ///
  /// @throws IllegalArgumentException if the mask has another size
  public static Picture spread(Picture picture, Picture mask) {
    int width = picture.width();
    int height = picture.height();
    if (mask.width() != width || mask.height() != height) {
      throw new IllegalArgumentException(
          "picture and mask must have one size: %s and %s".formatted(picture, mask));
    }
    byte[] seen = seen(picture, mask);
    GaussianBlur blur = new GaussianBlur(CHANNELS, width, height);
    int[] canvas = new int[seen.length];
    for (int[] layer : BLURS) {
      byte[] blurred = blur.apply(seen, layer[0]);
      for (int i = 0; i < layer[1]; i++) {
        layOver(canvas, blurred);
      }
    }
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) canvas[i / 3 * CHANNELS + i % 3];
    }
    return new Picture(width, height, rgb);
  }

  /// What is not masked, and how opaque it is.
  private static byte[] seen(Picture picture, Picture mask) {
    byte[] rgb = picture.bytes();
    byte[] masked = mask.bytes();
    byte[] seen = new byte[CHANNELS * picture.width() * picture.height()];
    for (int i = 0; i < seen.length / CHANNELS; i++) {
      int opacity = 255 - (masked[3 * i] & 0xff);
      for (int c = 0; c < 3; c++) {
        seen[CHANNELS * i + c] = (byte) (((rgb[3 * i + c] & 0xff) * opacity + 127) / 255);
      }
      seen[CHANNELS * i + 3] = (byte) opacity;
    }
    return seen;
  }

  /// Porter and Duff's "over", rounded as Pillow's `alpha_composite` rounds it.
  ///
  /// @param canvas colours and opacity, 0 to 255
  /// @param layer colours times opacity, and opacity
  private static void layOver(int[] canvas, byte[] layer) {
    for (int i = 0; i < canvas.length; i += CHANNELS) {
      int own = layer[i + 3] & 0xff;
      if (own == 0) {
        continue;
      }
      int sum = own * 255 + canvas[i + 3] * (255 - own); // the new opacity, times 255
      int share = own * 255 * 255 * FRACTION / sum; // of the layer's colour
      for (int c = i; c < i + 3; c++) {
        int colour = Math.min(255, (layer[c] & 0xff) * 255 / own);
        int mixed = colour * share + canvas[c] * (255 * FRACTION - share);
        canvas[c] = dividedBy255(mixed + 128 * FRACTION) / FRACTION;
      }
      canvas[i + 3] = dividedBy255(sum + 128);
    }
  }

  private static int dividedBy255(int value) {
    return ((value >> 8) + value) >> 8;
  }
}
