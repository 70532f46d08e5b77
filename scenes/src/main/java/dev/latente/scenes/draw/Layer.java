package dev.latente.scenes.draw;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.function.Consumer;

/// A drawing surface in unit coordinates: height 1, y downwards. Not thread-safe.
record Layer(BufferedImage image, Pixels pixels) {
  static Layer opaque(int width, int height) {
    return of(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB));
  }

  static Layer transparent(int width, int height) {
    return of(new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB));
  }

  private static Layer of(BufferedImage image) {
    return new Layer(image, Pixels.of(image));
  }

  void draw(Consumer<Graphics2D> drawing) {
    Graphics2D g = image.createGraphics();
    Brush.smooth(g);
    g.scale(image.getHeight(), image.getHeight());
    drawing.accept(g);
    g.dispose();
  }

  /// Puts another layer over this one.
  void over(Layer other) {
    Graphics2D g = image.createGraphics();
    g.drawImage(other.image, 0, 0, null);
    g.dispose();
  }
}
