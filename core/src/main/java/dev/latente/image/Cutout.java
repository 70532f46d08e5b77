package dev.latente.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// A picture of which a part is transparent.
///
/// @param colours of all pixels, also of those that are transparent
/// @param mask grey, white where the picture is transparent, black where it is opaque
public record Cutout(Picture colours, Picture mask) {
  /// Reads a picture; empty if it is opaque everywhere.
  ///
  /// @throws ImageFormatException if the file is no picture
  public static Optional<Cutout> read(Path file) throws IOException {
    byte[] bytes = PictureReader.bytes(file);
    BufferedImage image = PictureReader.image(bytes, file.toString());
    if (!image.getColorModel().hasAlpha()) {
      return Optional.empty();
    }
    Cutout cutout = of(image);
    ExifOrientation orientation = ExifOrientation.of(bytes);
    return cutout.isOpaque()
        ? Optional.empty()
        : Optional.of(
            new Cutout(orientation.apply(cutout.colours), orientation.apply(cutout.mask)));
  }

  private static Cutout of(BufferedImage image) {
    int width = image.getWidth();
    byte[] colours = new byte[3 * width * image.getHeight()];
    byte[] mask = new byte[colours.length];
    int[] row = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      BufferedImages.readRow(image, y, row);
      for (int x = 0; x < width; x++) {
        int i = 3 * (y * width + x);
        colours[i] = (byte) (row[x] >> 16);
        colours[i + 1] = (byte) (row[x] >> 8);
        colours[i + 2] = (byte) row[x];
        Arrays.fill(mask, i, i + 3, (byte) (255 - (row[x] >>> 24)));
      }
    }
    return new Cutout(
        new Picture(width, image.getHeight(), colours),
        new Picture(width, image.getHeight(), mask));
  }

  private boolean isOpaque() {
    for (byte value : mask.bytes()) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
