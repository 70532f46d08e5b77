package dev.latente.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;

/// Between pictures and Java's own.
final class BufferedImages {
  private BufferedImages() {}

  static Picture picture(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    Size.require(width, height);
    byte[] rgb = new byte[3 * width * height];
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      readRow(image, y, row);
      for (int x = 0; x < width; x++) {
        int i = 3 * (y * width + x);
        rgb[i] = onWhite(row[x], 16);
        rgb[i + 1] = onWhite(row[x], 8);
        rgb[i + 2] = onWhite(row[x], 0);
      }
    }
    return new Picture(width, height, rgb);
  }

  /// Reads a row of pixels as 0xAARRGGBB.
  static void readRow(BufferedImage image, int y, int[] argb) {
    if (isGrey(image)) {
      readGreyRow(image, y, argb);
    } else {
      image.getRGB(0, y, argb.length, 1, argb, 0, argb.length);
    }
  }

  static BufferedImage image(Picture picture) {
    int width = picture.width();
    BufferedImage image = new BufferedImage(width, picture.height(), BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < width; x++) {
        row[x] = picture.at(x, y);
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return image;
  }

  /// Whether the samples are shades of grey, which `getRGB` would brighten as if they were linear
  /// light.
  static boolean isGrey(BufferedImage image) {
    return image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
        && image.getSampleModel().getSampleSize(0) <= 16;
  }

  private static void readGreyRow(BufferedImage image, int y, int[] argb) {
    Raster raster = image.getRaster();
    int deepest = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
    boolean alpha = raster.getNumBands() > 1;
    for (int x = 0; x < argb.length; x++) {
      int grey = raster.getSample(x, y, 0) * 255 / deepest;
      int opacity = alpha ? raster.getSample(x, y, 1) * 255 / deepest : 255;
      argb[x] = opacity << 24 | grey << 16 | grey << 8 | grey;
    }
  }

  private static byte onWhite(int argb, int shift) {
    int alpha = argb >>> 24;
    int value = argb >> shift & 0xff;
    return (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}
