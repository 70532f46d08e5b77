package dev.latente.scenes.draw;

import java.util.SplittableRandom;

/// Thick visible strokes that follow a flow: swirls in the sky, the lie of the land below, the
/// edges of things.
final class OilPaint {
  private static final int STARLIGHT = 0xFFF6E58C;

  private final Drawn drawn;
  private final Flow flow;
  private final Pixels out;
  private final SplittableRandom random;
  private final Noise noise;

  private OilPaint(Drawn drawn) {
    this.drawn = drawn;
    this.flow = Flow.of(drawn);
    this.random = Stage.stream(drawn.stage().scene(), 9);
    this.noise = new Noise(drawn.stage().scene().seed() * 11 + 2);
    Pixels plain = drawn.plain();
    this.out = new Pixels(plain.width(), plain.height(), plain.argb().clone());
  }

  static Pixels paint(Drawn drawn) {
    OilPaint paint = new OilPaint(drawn);
    paint.layer(0.027, 0.1, 0.9, false);
    paint.layer(0.016, 0.062, 0.95, false);
    paint.layer(0.0095, 0.032, 0.9, true);
    return paint.out;
  }

  // One layer of strokes on a jittered grid; the finest goes over things only.
  private void layer(double width, double length, double alpha, boolean things) {
    double step = width * (things ? 0.9 : 1.0);
    double aspect = drawn.stage().width();
    for (double v = 0; v < 1 + step; v += step) {
      for (double u = 0; u < aspect + step; u += step) {
        double x = u + step * (random.nextDouble() - 0.5);
        double y = v + step * (random.nextDouble() - 0.5);
        boolean onThing = thingAt(x, y);
        if (onThing == things) {
          stroke(x, y, width, length * (0.7 + 0.6 * random.nextDouble()), alpha);
        } else {
          random.nextDouble();
        }
      }
    }
  }

  private boolean thingAt(double x, double y) {
    int w = drawn.plain().width();
    int h = drawn.plain().height();
    int px = (int) Math.max(0, Math.min(w - 1, x * h));
    int py = (int) Math.max(0, Math.min(h - 1, y * h));
    return drawn.thing(py * w + px);
  }

  private void stroke(double x, double y, double width, double length, double alpha) {
    int h = out.height();
    double angle = flow.angle(x, y);
    double bend = flow.bend(x, y);
    int under = drawn.plain().at((int) (x * h), (int) (y * h));
    if (!thingAt(x, y)) {
      under = Pixels.mix(under, STARLIGHT, flow.star(x, y));
    }
    int colour = mixed(under, flow.accent(x, y));
    double dx = Math.cos(angle);
    double dy = Math.sin(angle);
    double half = length * h / 2;
    double thick = Math.max(0.8, width * h / 2);
    double reach = half + thick + 1;
    int left = (int) Math.max(0, x * h - reach);
    int right = (int) Math.min(out.width() - 1, x * h + reach);
    int top = (int) Math.max(0, y * h - reach);
    int low = (int) Math.min(h - 1, y * h + reach);
    double bristles = random.nextDouble() * 100;
    for (int py = top; py <= low; py++) {
      for (int px = left; px <= right; px++) {
        double ox = px - x * h;
        double oy = py - y * h;
        double along = (ox * dx + oy * dy) / half;
        double across = (-ox * dy + oy * dx) / thick - bend * along * along;
        double end = along * along;
        double cover = Math.min(1, (1.12 - Math.abs(across)) * thick * 0.8);
        if (cover > 0 && end < 1) {
          double bristle = noise.at(bristles + across * 2.6, along * 1.5 + bristles) - 0.5;
          double ridge = (0.26 * bristle - 0.1 * across) * (1 - end);
          int shaded = lit(colour, ridge);
          double a = alpha * cover * Math.min(1, (1 - end) * 4);
          out.set(px, py, Pixels.mix(out.at(px, py), shaded, a));
        }
      }
    }
  }

  // The paint on the brush: the picture's colour, richer, and never twice the same.
  private int mixed(int rgb, double accent) {
    double value = 1 + 0.13 * (random.nextDouble() - 0.5) + accent;
    double warm = 0.07 * (random.nextDouble() - 0.5);
    double grey = Pixels.luminance(rgb) * 255;
    int r = paint((rgb >> 16 & 255), grey, value + warm);
    int g = paint((rgb >> 8 & 255), grey, value + warm * 0.3);
    int b = paint((rgb & 255), grey, value - warm);
    return 0xff000000 | r << 16 | g << 8 | b;
  }

  private static int paint(int channel, double grey, double value) {
    return (int) Math.max(0, Math.min(255, (grey + (channel - grey) * 1.18) * value));
  }

  private static int lit(int rgb, double ridge) {
    return ridge >= 0
        ? Pixels.mix(rgb, 0xFFFFFFFF, ridge)
        : Pixels.mix(rgb, 0xFF000000, -ridge * 1.2);
  }
}
