package dev.latente.scenes.draw;

/// Pale washes whose edges bleed and gather pigment, on grainy paper with a bare rim.
final class Watercolour {
  private static final int PAPER = 0xFFFBF8F0;

  private Watercolour() {}

  static Pixels paint(Drawn drawn) {
    Pixels plain = drawn.plain();
    int w = plain.width();
    int h = plain.height();
    Noise noise = new Noise(drawn.stage().scene().seed() * 13 + 1);
    Pixels wash = wobbled(plain, noise);
    Pixels soft = wash.blurred(Math.max(1, h / 64));
    Pixels out = Pixels.blank(w, h);
    for (int y = 0; y < h; y++) {
      double v = y / (double) h;
      for (int x = 0; x < w; x++) {
        double u = x / (double) h;
        int c = Pixels.mix(wash.at(x, y), soft.at(x, y), 0.35);
        double edge = Math.abs(Pixels.luminance(soft.at(x, y)) - Pixels.luminance(wash.at(x, y)));
        double pigment = 0.62 + 0.4 * noise.rough(u * 6 + 3, v * 6) + 0.5 * edge;
        double grain = 0.12 * (noise.at(u * 90, v * 90) - 0.5);
        double keep = Rgb.unit(pigment + grain) * rim(u, v, w / (double) h, noise);
        out.set(x, y, Pixels.mix(PAPER, c, keep));
      }
    }
    return out;
  }

  private static Pixels wobbled(Pixels plain, Noise noise) {
    int w = plain.width();
    int h = plain.height();
    Pixels out = Pixels.blank(w, h);
    double reach = 0.022 * h;
    for (int y = 0; y < h; y++) {
      double v = y / (double) h;
      for (int x = 0; x < w; x++) {
        double u = x / (double) h;
        double dx = (noise.at(u * 16, v * 16) - 0.5) * reach;
        double dy = (noise.at(u * 16 + 50, v * 16 + 9) - 0.5) * reach;
        out.set(x, y, plain.smooth(x + dx, y + dy));
      }
    }
    return out;
  }

  // 0 on the bare rim of the paper, 1 inside.
  private static double rim(double u, double v, double width, Noise noise) {
    double inside = Math.min(Math.min(u, width - u), Math.min(v, 1 - v));
    double ragged = 0.012 + 0.035 * noise.rough(u * 9 + 20, v * 9 + 20);
    return Rgb.unit((inside - ragged) / 0.012);
  }
}
