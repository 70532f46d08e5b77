package dev.latente.scenes.draw;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/// A picture's pixels, `0xAARRGGBB` row by row. Not thread-safe: manners write into it.
record Pixels(int width, int height, int[] argb) {
  /// The pixels of an image of an integer type, shared with it.
  static Pixels of(BufferedImage image) {
    int[] data = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    return new Pixels(image.getWidth(), image.getHeight(), data);
  }

  static Pixels blank(int width, int height) {
    return new Pixels(width, height, new int[width * height]);
  }

  int at(int x, int y) {
    int cx = Math.max(0, Math.min(width - 1, x));
    int cy = Math.max(0, Math.min(height - 1, y));
    return argb[cy * width + cx];
  }

  void set(int x, int y, int value) {
    argb[y * width + x] = value;
  }

  /// The colour at a point between pixels, from its four neighbours.
  int smooth(double x, double y) {
    int ix = (int) Math.floor(x);
    int iy = (int) Math.floor(y);
    int fx = (int) ((x - ix) * 256);
    int fy = (int) ((y - iy) * 256);
    return mix(
        mix(at(ix, iy), at(ix + 1, iy), fx), mix(at(ix, iy + 1), at(ix + 1, iy + 1), fx), fy);
  }

  /// A blend of two opaque colours; the weight of the second is in 0..256.
  static int mix(int a, int b, int weight) {
    int keep = 256 - weight;
    int rb = ((a & 0xff00ff) * keep + (b & 0xff00ff) * weight) >>> 8 & 0xff00ff;
    int g = ((a & 0x00ff00) * keep + (b & 0x00ff00) * weight) >>> 8 & 0x00ff00;
    return 0xff000000 | rb | g;
  }

  static int mix(int a, int b, double weight) {
    return mix(a, b, (int) (Rgb.unit(weight) * 256));
  }

  static double luminance(int rgb) {
    return (0.299 * (rgb >> 16 & 255) + 0.587 * (rgb >> 8 & 255) + 0.114 * (rgb & 255)) / 255;
  }

  /// The picture at half the size, each pixel the mean of four.
  Pixels halved() {
    Pixels half = blank(width / 2, height / 2);
    for (int y = 0; y < half.height; y++) {
      for (int x = 0; x < half.width; x++) {
        int i = 2 * y * width + 2 * x;
        half.argb[y * half.width + x] =
            mean(argb[i], argb[i + 1], argb[i + width], argb[i + width + 1]);
      }
    }
    return half;
  }

  private static int mean(int a, int b, int c, int d) {
    int rb = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff) + 0x020002;
    int ag =
        (a >>> 8 & 0xff00ff)
            + (b >>> 8 & 0xff00ff)
            + (c >>> 8 & 0xff00ff)
            + (d >>> 8 & 0xff00ff)
            + 0x020002;
    return (rb >>> 2 & 0xff00ff) | (ag >>> 2 & 0xff00ff) << 8;
  }

  /// The picture with each pixel the mean of its square neighbourhood.
  Pixels blurred(int radius) {
    return blurRows(radius).turned().blurRows(radius).turned();
  }

  private Pixels turned() {
    Pixels out = blank(height, width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        out.argb[x * height + y] = argb[y * width + x];
      }
    }
    return out;
  }

  private Pixels blurRows(int radius) {
    Pixels out = blank(width, height);
    int n = 2 * radius + 1;
    for (int y = 0; y < height; y++) {
      int r = 0;
      int g = 0;
      int b = 0;
      for (int x = -radius; x <= radius; x++) {
        int c = at(x, y);
        r += c >> 16 & 255;
        g += c >> 8 & 255;
        b += c & 255;
      }
      for (int x = 0; x < width; x++) {
        out.argb[y * width + x] = 0xff000000 | r / n << 16 | g / n << 8 | b / n;
        int in = at(x + radius + 1, y);
        int gone = at(x - radius, y);
        r += (in >> 16 & 255) - (gone >> 16 & 255);
        g += (in >> 8 & 255) - (gone >> 8 & 255);
        b += (in & 255) - (gone & 255);
      }
    }
    return out;
  }

  BufferedImage image() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, width, height, argb, 0, width);
    return image;
  }
}
