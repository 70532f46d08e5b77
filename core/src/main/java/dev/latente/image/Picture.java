package dev.latente.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/// A picture of 8 bits for each of red, green and blue. Immutable.
public final class Picture {
  private static final int CHANNELS = 3;

  private final int width;
  private final int height;
  private final byte[] rgb;

  /// Takes `rgb` itself, which nobody may change afterwards.
  Picture(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /// A picture of `rgb`: row after row, each pixel as red, green, blue, from 0 to 255 unsigned.
  public static Picture of(int width, int height, byte[] rgb) {
    Size.require(width, height, CHANNELS, rgb.length, "bytes");
    return new Picture(width, height, rgb.clone());
  }

  /// A black picture.
  public static Picture black(int width, int height) {
    Size.require(width, height);
    return new Picture(width, height, new byte[CHANNELS * width * height]);
  }

  /// A picture of `chw`, `[3, height, width]` in -1..1, as a decoder gives it.
  ///
  /// Rounds as diffusers' `VaeImageProcessor`: `round(clamp(x / 2 + 0.5, 0, 1) * 255)` in float,
  /// halves to even. What is not a number becomes 0.
  public static Picture ofFloats(int width, int height, float[] chw) {
    Size.require(width, height, CHANNELS, chw.length, "numbers");
    int plane = width * height;
    byte[] rgb = new byte[CHANNELS * plane];
    for (int c = 0; c < CHANNELS; c++) {
      for (int i = 0; i < plane; i++) {
        float unit = Math.clamp(chw[c * plane + i] * 0.5f + 0.5f, 0f, 1f);
        rgb[CHANNELS * i + c] = (byte) (int) Math.rint(unit * 255f);
      }
    }
    return new Picture(width, height, rgb);
  }

  /// The picture in `image`; what shines through is laid on white.
  public static Picture of(BufferedImage image) {
    return BufferedImages.picture(image);
  }

  /// Reads a picture of any format that ImageIO knows: PNG, JPEG (also of inks), WebP, GIF, BMP,
  /// TIFF, WBMP and what is on the class path; turned as its camera says, and of an animation the
  /// first one.
  ///
  /// @throws ImageFormatException if the file is no picture
  public static Picture read(Path file) throws IOException {
    return PictureReader.read(file);
  }

  /// The picture in the bytes of a file.
  ///
  /// @param origin what to call the bytes in messages
  /// @throws ImageFormatException if they are no picture
  public static Picture decode(byte[] file, String origin) {
    return PictureReader.decode(file, origin);
  }

  /// `[3, height, width]` in -1..1, as an encoder takes it: `2 * (v / 255) - 1` in float.
  public float[] toFloats() {
    int plane = width * height;
    float[] chw = new float[CHANNELS * plane];
    for (int c = 0; c < CHANNELS; c++) {
      for (int i = 0; i < plane; i++) {
        chw[c * plane + i] = 2f * ((rgb[CHANNELS * i + c] & 0xff) / 255f) - 1f;
      }
    }
    return chw;
  }

  /// A copy for Java's own drawing.
  public BufferedImage toBufferedImage() {
    return BufferedImages.image(this);
  }

  /// This picture at another size, as Pillow resizes it.
  public Picture resized(int width, int height, Resampling resampling) {
    Size.require(width, height);
    return new Picture(
        width,
        height,
        Resampler.resize(rgb, CHANNELS, this.width, this.height, width, height, resampling));
  }

  /// The part whose top left corner is (`x`, `y`).
  public Picture cropped(int x, int y, int width, int height) {
    Size.require(width, height);
    if (x < 0 || y < 0 || x > this.width - width || y > this.height - height) {
      throw new IllegalArgumentException(
          "the part %dx%d at (%d, %d) must lie in the picture of %dx%d"
              .formatted(width, height, x, y, this.width, this.height));
    }
    byte[] part = new byte[CHANNELS * width * height];
    for (int row = 0; row < height; row++) {
      int from = CHANNELS * ((y + row) * this.width + x);
      System.arraycopy(rgb, from, part, CHANNELS * row * width, CHANNELS * width);
    }
    return new Picture(width, height, part);
  }

  /// The part that `region` is.
  public Picture cropped(Region region) {
    return cropped(region.x(), region.y(), region.width(), region.height());
  }

  /// This picture with more around it, in which its outermost pixels go on.
  ///
  /// @param left how many columns more at the left, 0 or more; likewise the others
  public Picture extended(int left, int top, int right, int bottom) {
    int wide = Math.addExact(width, Math.addExact(left, right));
    int high = Math.addExact(height, Math.addExact(top, bottom));
    Size.require(wide, high);
    return Fit.placed(this, left, top, wide, high);
  }

  /// This picture with `part` laid on it.
  ///
  /// @param x the column of the part's left border, 0 or more
  /// @param y the row of its upper border, 0 or more
  public Picture with(Picture part, int x, int y) {
    if (x < 0 || y < 0 || x > width - part.width || y > height - part.height) {
      throw new IllegalArgumentException(
          "%s at (%d, %d) must lie in %s".formatted(part, x, y, this));
    }
    byte[] whole = rgb.clone();
    for (int row = 0; row < part.height; row++) {
      int to = CHANNELS * ((y + row) * width + x);
      System.arraycopy(part.rgb, CHANNELS * row * part.width, whole, to, CHANNELS * part.width);
    }
    return new Picture(width, height, whole);
  }

  /// This picture blurred as Pillow's `GaussianBlur`.
  ///
  /// @param sigma the deviation in pixels, 0 or more
  public Picture blurred(double sigma) {
    return new Picture(width, height, new GaussianBlur(CHANNELS, width, height).apply(rgb, sigma));
  }

  /// This picture on top of `below` where `mask` is white; where it is grey, a mixture.
  ///
  /// @throws IllegalArgumentException if the three differ in size
  public Picture over(Picture below, Picture mask) {
    if (rgb.length != below.rgb.length
        || rgb.length != mask.rgb.length
        || width != below.width
        || width != mask.width) {
      throw new IllegalArgumentException(
          "pictures must have one size: %s, %s and a mask %s".formatted(this, below, mask));
    }
    byte[] mixed = new byte[rgb.length];
    for (int i = 0; i < mixed.length; i++) {
      int share = mask.rgb[i] & 0xff;
      mixed[i] =
          (byte) (((rgb[i] & 0xff) * share + (below.rgb[i] & 0xff) * (255 - share) + 127) / 255);
    }
    return new Picture(width, height, mixed);
  }

  /// Of each value the greater one of this picture and of `other`.
  ///
  /// @throws IllegalArgumentException if they differ in size
  public Picture lighter(Picture other) {
    if (width != other.width || height != other.height) {
      throw new IllegalArgumentException(
          "pictures must have one size: %s and %s".formatted(this, other));
    }
    byte[] most = new byte[rgb.length];
    for (int i = 0; i < most.length; i++) {
      most[i] = (byte) Math.max(rgb[i] & 0xff, other.rgb[i] & 0xff);
    }
    return new Picture(width, height, most);
  }

  /// Columns of pixels.
  public int width() {
    return width;
  }

  /// Rows of pixels.
  public int height() {
    return height;
  }

  /// The pixel at column `x` and row `y`, as 0xRRGGBB.
  public int at(int x, int y) {
    if (x < 0 || y < 0 || x >= width || y >= height) {
      throw new IllegalArgumentException(
          "pixel must lie in the picture of %dx%d: (%d, %d)".formatted(width, height, x, y));
    }
    int i = CHANNELS * (y * width + x);
    return (rgb[i] & 0xff) << 16 | (rgb[i + 1] & 0xff) << 8 | (rgb[i + 2] & 0xff);
  }

  /// A copy of the bytes: row after row, red, green, blue.
  public byte[] rgb() {
    return rgb.clone();
  }

  /// The bytes themselves, not to be changed.
  byte[] bytes() {
    return rgb;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Picture that
        && width == that.width
        && height == that.height
        && Arrays.equals(rgb, that.rgb);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(rgb);
  }

  @Override
  public String toString() {
    return "Picture[%dx%d]".formatted(width, height);
  }
}
