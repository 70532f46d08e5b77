package dev.latente.training;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;

/// The smallest data there can be: pictures of one colour each, with captions that name it.
final class ColouredSquares {
  private static final Map<String, Color> COLOURS =
      Map.of("red", Color.RED, "green", Color.GREEN, "blue", Color.BLUE, "white", Color.WHITE);

  private ColouredSquares() {}

  /// Writes a red one and a blue one of 8 × 8 pixels to the folder `pictures`.
  static ImageFolder write(Path pictures) throws IOException {
    return write(pictures, 8, "red", "blue");
  }

  /// Writes pictures of `side` pixels squared to the folder `pictures`.
  ///
  /// @param colours of red, green, blue and white
  static ImageFolder write(Path pictures, int side, String... colours) throws IOException {
    Files.createDirectories(pictures);
    for (String colour : colours) {
      BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(COLOURS.get(colour));
      graphics.fillRect(0, 0, side, side);
      graphics.dispose();
      ImageIO.write(image, "png", pictures.resolve(colour + ".png").toFile());
      Files.writeString(pictures.resolve(colour + ".txt"), "a " + colour + " picture");
    }
    return ImageFolder.open(pictures);
  }
}
