package dev.latente.scenes.draw;

/// Graphite on paper: hatching by darkness, outlines, and a light tint that keeps the colours
/// readable.
final class Pencil {
  private static final int PAPER = 0xFFF7F4EC;
  private static final int GRAPHITE = 0xFF34343A;
  private static final double PERIOD = 0.036;

  private Pencil() {}

  static Pixels draw(Drawn drawn) {
    Pixels plain = drawn.plain();
    int w = plain.width();
    int h = plain.height();
    Noise noise = new Noise(drawn.stage().scene().seed() * 7 + 3);
    Pixels soft = plain.blurred(Math.max(1, h / 100));
    Pixels out = Pixels.blank(w, h);
    for (int y = 0; y < h; y++) {
      double v = y / (double) h;
      for (int x = 0; x < w; x++) {
        double u = x / (double) h;
        boolean thing = drawn.thing(y * w + x);
        int colour = plain.at(x, y);
        int tinted = Pixels.mix(PAPER, colour, thing ? 0.66 : 0.4);
        double dark = 1 - Pixels.luminance(soft.at(x, y));
        double ink = hatching(thing ? dark * 0.55 : dark * 0.85, u, v, noise);
        double line = Math.min(0.85, edge(plain, x, y) * 1.7);
        double grain = 0.72 + 0.4 * noise.at(u * 110, v * 110);
        double pressure = 0.26 + 0.3 * noise.rough(u * 7, v * 7);
        out.set(x, y, Pixels.mix(tinted, GRAPHITE, Math.max(ink * pressure, line) * grain));
      }
    }
    return out;
  }

  // How much graphite the hatching lays at a point: one direction in light tones, crossed in dark
  // ones.
  private static double hatching(double dark, double u, double v, Noise noise) {
    double bend = 0.035 * noise.rough(u * 6, v * 6);
    double first = stripe(u + v + bend, dark * 1.25 - 0.12);
    double second = stripe(u - v * 0.8 - bend, dark * 1.3 - 0.6);
    return Math.max(first, second);
  }

  // A stripe pattern; a share of about `cover` of it is inked.
  private static double stripe(double s, double cover) {
    if (cover <= 0) {
      return 0;
    }
    double t = s / PERIOD - Math.floor(s / PERIOD);
    double fromLine = Math.abs(t - 0.5) * 2;
    return Rgb.unit((cover - fromLine) * 3 + 0.35) * Rgb.unit(0.35 + cover);
  }

  private static double edge(Pixels p, int x, int y) {
    double gx = difference(p.at(x - 1, y), p.at(x + 1, y));
    double gy = difference(p.at(x, y - 1), p.at(x, y + 1));
    return Math.max(0, Math.hypot(gx, gy) - 0.1);
  }

  private static double difference(int a, int b) {
    int r = (a >> 16 & 255) - (b >> 16 & 255);
    int g = (a >> 8 & 255) - (b >> 8 & 255);
    int c = (a & 255) - (b & 255);
    return Math.sqrt(0.3 * r * r + 0.5 * g * g + 0.2 * c * c) / 255;
  }
}
