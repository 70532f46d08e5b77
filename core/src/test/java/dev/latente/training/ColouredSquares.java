package dev.latente.training;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/// The smallest data there can be: a red picture and a blue one of 8 × 8 pixels, with captions.
final class ColouredSquares {
  private ColouredSquares() {}

  /// Writes them to the folder `pictures`.
  static ImageFolder write(Path pictures) throws IOException {
    Files.createDirectories(pictures);
    List<Color> colours = List.of(Color.RED, Color.BLUE);
    List<String> names = List.of("red", "blue");
    for (int i = 0; i < names.size(); i++) {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(colours.get(i));
      graphics.fillRect(0, 0, 8, 8);
      graphics.dispose();
      ImageIO.write(image, "png", pictures.resolve(names.get(i) + ".png").toFile());
      Files.writeString(pictures.resolve(names.get(i) + ".txt"), "a " + names.get(i) + " picture");
    }
    return ImageFolder.open(pictures);
  }
}
