package dev.latente.scenes.draw;

import java.awt.Color;

/// A colour with components in 0..1.
record Rgb(double r, double g, double b) {
  static final Rgb WHITE = new Rgb(1, 1, 1);

  static Rgb of(int rgb) {
    return new Rgb(((rgb >> 16) & 255) / 255.0, ((rgb >> 8) & 255) / 255.0, (rgb & 255) / 255.0);
  }

  Rgb times(Rgb o) {
    return new Rgb(r * o.r, g * o.g, b * o.b);
  }

  Rgb times(double f) {
    return new Rgb(r * f, g * f, b * f);
  }

  Rgb mix(Rgb o, double f) {
    return new Rgb(r + (o.r - r) * f, g + (o.g - g) * f, b + (o.b - b) * f);
  }

  double luminance() {
    return 0.299 * r + 0.587 * g + 0.114 * b;
  }

  Color awt() {
    return awt(1);
  }

  Color awt(double alpha) {
    return new Color((float) unit(r), (float) unit(g), (float) unit(b), (float) unit(alpha));
  }

  int packed() {
    return 0xff000000 | level(r) << 16 | level(g) << 8 | level(b);
  }

  private static int level(double x) {
    return (int) (unit(x) * 255 + 0.5);
  }

  static double unit(double x) {
    return Math.max(0, Math.min(1, x));
  }
}
