package dev.latente.scenes.draw;

import static dev.latente.scenes.draw.Brush.box;
import static dev.latente.scenes.draw.Brush.open;
import static dev.latente.scenes.draw.Brush.oval;
import static dev.latente.scenes.draw.Brush.polygon;
import static dev.latente.scenes.draw.Brush.rounded;

import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Path2D;

/// The things that move or grow: boat, car, balloon, tree.
final class Movers {
  private static final Rgb WOOD = Rgb.of(0x6B4A2E);
  private static final Rgb TYRE = Rgb.of(0x1E1F24);
  private static final Rgb CABIN = Rgb.of(0xF2EBDA);

  private Movers() {}

  static void boat(Brush b) {
    b.line(open(0.28, -0.36, 0.28, -0.98), WOOD, 0.03);
    b.line(open(0.28, -0.96, 0.74, -0.46), Rgb.of(0x8A8078), 0.012);
    b.line(open(0.28, -0.96, -0.66, -0.38), Rgb.of(0x8A8078), 0.012);
    b.fill(polygon(0.28, -0.98, 0.08, -0.91, 0.28, -0.84), b.body());
    Rgb cabin = b.body().luminance() > 0.9 ? Rgb.of(0xB58A5C) : CABIN;
    b.solid(box(-0.42, -0.66, 0.12, -0.3), cabin);
    b.solid(rounded(-0.48, -0.73, 0.18, -0.64, 0.05), b.body());
    for (double x : new double[] {-0.27, -0.03}) {
      b.shine(rounded(x - 0.075, -0.58, x + 0.075, -0.46, 0.04), b.windows());
    }
    Path2D hull = new Path2D.Double();
    hull.moveTo(-0.74, -0.38);
    hull.quadTo(0.1, -0.27, 0.78, -0.48);
    hull.quadTo(0.68, -0.12, 0.5, 0.0);
    hull.lineTo(-0.58, 0.0);
    hull.quadTo(-0.72, -0.14, -0.74, -0.38);
    hull.closePath();
    b.solid(hull, b.body());
    Area foot = new Area(hull);
    foot.intersect(new Area(box(-1, -0.07, 1, 0)));
    b.fill(foot, b.body().times(0.45));
    Path2D rail = new Path2D.Double();
    rail.moveTo(-0.73, -0.345);
    rail.quadTo(0.1, -0.235, 0.765, -0.44);
    b.line(rail, b.trim(), 0.035);
    b.outline(hull);
  }

  static void car(Brush b) {
    Path2D cabin = new Path2D.Double();
    cabin.moveTo(-0.55, -0.42);
    cabin.quadTo(-0.46, -0.76, -0.26, -0.77);
    cabin.lineTo(0.1, -0.77);
    cabin.quadTo(0.26, -0.76, 0.46, -0.42);
    cabin.closePath();
    b.solid(cabin, b.body());
    b.outline(cabin);
    Rgb glass = b.windows();
    b.shine(polygon(-0.44, -0.44, -0.36, -0.66, -0.1, -0.68, -0.1, -0.44), glass);
    b.shine(polygon(-0.03, -0.44, -0.03, -0.68, 0.1, -0.68, 0.33, -0.44), glass);
    Path2D body = new Path2D.Double();
    body.moveTo(-0.84, -0.16);
    body.quadTo(-0.88, -0.42, -0.72, -0.45);
    body.lineTo(0.48, -0.45);
    body.quadTo(0.84, -0.41, 0.86, -0.16);
    body.closePath();
    b.solid(body, b.body());
    b.outline(body);
    b.line(open(-0.8, -0.25, 0.82, -0.25), b.body().times(0.6), 0.02);
    b.line(open(-0.06, -0.41, -0.06, -0.19), b.body().times(0.6), 0.014);
    b.fill(rounded(-0.88, -0.2, 0.9, -0.13, 0.05), Rgb.of(0x5C6068));
    b.shine(oval(0.79, -0.32, 0.045, 0.055), Rgb.of(0xFFF2B0));
    b.shine(rounded(-0.86, -0.37, -0.79, -0.29, 0.03), Rgb.of(0xC22A22));
    for (double x : new double[] {-0.48, 0.5}) {
      b.fill(oval(x, -0.165, 0.17, 0.165), TYRE);
      b.fill(oval(x, -0.165, 0.085, 0.085), Rgb.of(0xC9CDD3));
    }
  }

  static void balloon(Brush b) {
    Path2D envelope = new Path2D.Double();
    envelope.moveTo(0, -1);
    envelope.curveTo(0.5, -1, 0.46, -0.56, 0.09, -0.24);
    envelope.lineTo(-0.09, -0.24);
    envelope.curveTo(-0.46, -0.56, -0.5, -1, 0, -1);
    envelope.closePath();
    for (double x : new double[] {-1, 1}) {
      b.line(open(x * 0.085, -0.25, x * 0.06, -0.12), WOOD, 0.012);
    }
    b.solid(envelope, b.body());
    Rgb stripe = b.body().luminance() > 0.9 ? b.trim() : b.body().mix(Rgb.WHITE, 0.5);
    for (double x : new double[] {-0.19, 0.19}) {
      b.fill(gore(x, 0.062), stripe);
    }
    b.fill(rounded(-0.09, -0.255, 0.09, -0.225, 0.01), b.body().times(0.5));
    b.outline(envelope);
    b.solid(rounded(-0.075, -0.13, 0.075, 0, 0.04), Rgb.of(0x8B5E34));
    b.fill(box(-0.085, -0.135, 0.085, -0.105), Rgb.of(0x5B3B20));
  }

  // A stripe that bulges with the envelope.
  private static Shape gore(double x, double half) {
    double a = (x - half) * 1.42;
    double c = (x + half) * 1.42;
    Path2D path = new Path2D.Double();
    path.moveTo(x * 0.2, -0.99);
    path.curveTo(a * 1.15, -0.9, a * 1.0, -0.55, x * 0.36, -0.25);
    path.lineTo(x * 0.42, -0.25);
    path.curveTo(c * 1.0, -0.55, c * 1.15, -0.9, x * 0.25, -0.99);
    path.closePath();
    return path;
  }

  private static final double[][] CROWN = {
    {-0.22, -0.5, 0.17},
    {0.22, -0.5, 0.17},
    {0, -0.46, 0.2},
    {-0.16, -0.7, 0.19},
    {0.16, -0.7, 0.19},
    {0, -0.81, 0.19}
  };

  static void tree(Brush b) {
    Path2D trunk = new Path2D.Double();
    trunk.moveTo(-0.11, 0);
    trunk.quadTo(-0.05, -0.12, -0.055, -0.4);
    trunk.lineTo(0.055, -0.4);
    trunk.quadTo(0.05, -0.12, 0.11, 0);
    trunk.closePath();
    b.solid(trunk, WOOD);
    b.line(open(0, -0.25, 0.16, -0.42), WOOD, 0.04);
    b.line(open(0, -0.28, -0.15, -0.44), WOOD, 0.04);
    Area crown = new Area();
    for (double[] blob : CROWN) {
      crown.add(new Area(oval(blob[0], blob[1], blob[2], blob[2])));
    }
    b.fill(crown, b.body().times(0.78));
    b.outline(crown);
    double side = 0.035 * b.litSide();
    for (double[] blob : CROWN) {
      b.fill(oval(blob[0] + side * 0.6, blob[1] - 0.025, blob[2] * 0.8, blob[2] * 0.78), b.body());
    }
    Rgb lit = b.body().mix(Rgb.WHITE, b.body().luminance() < 0.2 ? 0.16 : 0.22);
    for (double[] blob : CROWN) {
      b.fill(oval(blob[0] + side * 1.5, blob[1] - 0.05, blob[2] * 0.42, blob[2] * 0.36), lit);
    }
  }
}
