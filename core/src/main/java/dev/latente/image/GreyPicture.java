package dev.latente.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/// A picture of one channel of 16 bits: a depth map or a mask. Immutable.
public final class GreyPicture {
  private static final float WHITE = 65535f;

  private final int width;
  private final int height;
  private final short[] values;

  private GreyPicture(int width, int height, short[] values) {
    this.width = width;
    this.height = height;
    this.values = values;
  }

  /// A picture of `values`, row after row, from 0 to 65535 unsigned.
  public static GreyPicture of(int width, int height, short[] values) {
    Size.require(width, height, 1, values.length, "values");
    return new GreyPicture(width, height, values.clone());
  }

  /// A picture of `values`, row after row, 0 black to 1 white; what lies outside is cut, NaN is
  /// black.
  public static GreyPicture ofFloats(int width, int height, float[] values) {
    Size.require(width, height, 1, values.length, "numbers");
    short[] rounded = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (short) (int) Math.rint(Math.clamp(values[i], 0f, 1f) * WHITE);
    }
    return new GreyPicture(width, height, rounded);
  }

  /// Reads a grey picture with all its bits, or the brightness of a coloured one (BT.601, as
  /// Pillow's `L`).
  ///
  /// @throws ImageFormatException if the file is no picture
  public static GreyPicture read(Path file) throws IOException {
    return decode(PictureReader.bytes(file), file.toString());
  }

  /// The picture in the bytes of a file.
  ///
  /// @param origin what to call the bytes in messages
  /// @throws ImageFormatException if they are no picture
  public static GreyPicture decode(byte[] file, String origin) {
    BufferedImage image = PictureReader.image(file, origin);
    boolean upright = ExifOrientation.of(file) == ExifOrientation.UPRIGHT;
    return upright && BufferedImages.isGrey(image)
        ? ofGrey(image)
        : ofColours(PictureReader.decode(file, origin));
  }

  private static GreyPicture ofGrey(BufferedImage image) {
    int width = image.getWidth();
    int[] samples = image.getRaster().getSamples(0, 0, width, image.getHeight(), 0, (int[]) null);
    int deepest = (1 << image.getSampleModel().getSampleSize(0)) - 1;
    short[] values = new short[samples.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) (samples[i] * 65535L / deepest);
    }
    return new GreyPicture(width, image.getHeight(), values);
  }

  private static GreyPicture ofColours(Picture picture) {
    byte[] rgb = picture.bytes();
    short[] values = new short[picture.width() * picture.height()];
    for (int i = 0; i < values.length; i++) {
      int red = rgb[3 * i] & 0xff;
      int green = rgb[3 * i + 1] & 0xff;
      int blue = rgb[3 * i + 2] & 0xff;
      int luma = (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16; // .299 .587 .114
      values[i] = (short) (luma * 257);
    }
    return new GreyPicture(picture.width(), picture.height(), values);
  }

  /// `[1, height, width]`, 0 black to 1 white.
  public float[] toFloats() {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (values[i] & 0xffff) / WHITE;
    }
    return floats;
  }

  /// Light and dark exchanged.
  public GreyPicture inverted() {
    short[] others = new short[values.length];
    for (int i = 0; i < others.length; i++) {
      others[i] = (short) ~values[i];
    }
    return new GreyPicture(width, height, others);
  }

  /// The picture with 8 bits, grey in all three channels.
  public Picture toPicture() {
    byte[] rgb = new byte[3 * values.length];
    for (int i = 0; i < values.length; i++) {
      Arrays.fill(rgb, 3 * i, 3 * i + 3, (byte) (((values[i] & 0xffff) + 128) / 257));
    }
    return new Picture(width, height, rgb);
  }

  /// Columns of pixels.
  public int width() {
    return width;
  }

  /// Rows of pixels.
  public int height() {
    return height;
  }

  /// The value at column `x` and row `y`, from 0 to 65535.
  public int at(int x, int y) {
    if (x < 0 || y < 0 || x >= width || y >= height) {
      throw new IllegalArgumentException(
          "pixel must lie in the picture of %dx%d: (%d, %d)".formatted(width, height, x, y));
    }
    return values[y * width + x] & 0xffff;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GreyPicture that
        && width == that.width
        && height == that.height
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "GreyPicture[%dx%d]".formatted(width, height);
  }
}
