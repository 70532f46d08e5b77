package dev.latente.scenes.draw;

/// Coarse blocks in the few colours of a palette made for the picture.
final class PixelArt {
  private static final int ROWS = 40;
  private static final int COLOURS = 20;

  private PixelArt() {}

  static Pixels paint(Drawn drawn) {
    Pixels plain = drawn.plain();
    int size = Math.max(2, (int) Math.round(plain.height() / (double) ROWS));
    int columns = (plain.width() + size - 1) / size;
    int rows = (plain.height() + size - 1) / size;
    Pixels blocks = Pixels.blank(columns, rows);
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        blocks.set(x, y, block(drawn, x * size, y * size, size));
      }
    }
    Palette palette = Palette.of(blocks.argb(), COLOURS);
    Pixels out = Pixels.blank(plain.width(), plain.height());
    for (int y = 0; y < plain.height(); y++) {
      for (int x = 0; x < plain.width(); x++) {
        out.set(x, y, palette.nearest(blocks.at(x / size, y / size)));
      }
    }
    return out;
  }

  // The mean colour of a block: of the thing alone where it fills half of it, else of what is
  // around it.
  private static int block(Drawn drawn, int x0, int y0, int size) {
    Pixels plain = drawn.plain();
    int x1 = Math.min(plain.width(), x0 + size);
    int y1 = Math.min(plain.height(), y0 + size);
    int covered = 0;
    for (int y = y0; y < y1; y++) {
      for (int x = x0; x < x1; x++) {
        covered += drawn.thing(y * plain.width() + x) ? 1 : 0;
      }
    }
    boolean thing = 2 * covered >= (x1 - x0) * (y1 - y0);
    int r = 0;
    int g = 0;
    int b = 0;
    int n = 0;
    for (int y = y0; y < y1; y++) {
      for (int x = x0; x < x1; x++) {
        if (drawn.thing(y * plain.width() + x) == thing) {
          int c = plain.at(x, y);
          r += c >> 16 & 255;
          g += c >> 8 & 255;
          b += c & 255;
          n++;
        }
      }
    }
    return 0xff000000 | r / n << 16 | g / n << 8 | b / n;
  }
}
