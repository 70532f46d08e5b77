package dev.latente.training;

import dev.latente.tensor.Tensor;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/// Pictures as square batches of numbers, and back.
final class Squares {
  private Squares() {}

  /// The middle of `image`, scaled to `size` × `size` pixels of plain RGB.
  static BufferedImage of(BufferedImage image, int size) {
    int side = Math.min(image.getWidth(), image.getHeight());
    int left = (image.getWidth() - side) / 2;
    int top = (image.getHeight() - side) / 2;
    BufferedImage from = image.getSubimage(left, top, side, side);
    while (side >= 2 * size) { // halving keeps every pixel's share; one big step would skip some
      side = Math.max(size, side / 2);
      from = scaled(from, side);
    }
    return scaled(from, size);
  }

  private static BufferedImage scaled(BufferedImage image, int size) {
    BufferedImage result = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = result.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, size, size, null);
    graphics.dispose();
    return result;
  }

  /// A batch `[N, 3, size, size]`, -1 (black) to 1 (white).
  static Tensor batch(List<BufferedImage> images) {
    int size = images.getFirst().getWidth();
    float[] values = new float[images.size() * 3 * size * size];
    int offset = 0;
    for (BufferedImage image : images) {
      int[] pixels = image.getRGB(0, 0, size, size, null, 0, size);
      for (int shift = 16; shift >= 0; shift -= 8) {
        for (int pixel : pixels) {
          values[offset++] = (pixel >> shift & 0xff) / 127.5f - 1;
        }
      }
    }
    return Tensor.of(values, images.size(), 3, size, size);
  }

  /// Pictures `[N, 3, H, W]` side by side, `columns` in a row.
  static BufferedImage sheet(Tensor pictures, int columns) {
    int count = (int) pictures.size(0);
    int height = (int) pictures.size(2);
    int width = (int) pictures.size(3);
    int rows = (count + columns - 1) / columns;
    var sheet = new BufferedImage(columns * width, rows * height, BufferedImage.TYPE_INT_RGB);
    float[] values = pictures.toFloatArray();
    int plane = width * height;
    for (int n = 0; n < count; n++) {
      for (int i = 0; i < plane; i++) {
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
          float value = values[(n * 3 + c) * plane + i];
          rgb = rgb << 8 | Math.clamp(Math.round((value + 1) * 127.5f), 0, 255);
        }
        sheet.setRGB(n % columns * width + i % width, n / columns * height + i / width, rgb);
      }
    }
    return sheet;
  }
}
