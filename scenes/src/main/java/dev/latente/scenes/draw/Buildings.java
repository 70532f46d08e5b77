package dev.latente.scenes.draw;

import static dev.latente.scenes.draw.Brush.box;
import static dev.latente.scenes.draw.Brush.open;
import static dev.latente.scenes.draw.Brush.oval;
import static dev.latente.scenes.draw.Brush.polygon;
import static dev.latente.scenes.draw.Brush.rounded;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;

/// The things that are built: house, lighthouse, windmill, castle.
final class Buildings {
  private static final Rgb ROOF = Rgb.of(0x5A4038);
  private static final Rgb STONE = Rgb.of(0x4B5263);
  private static final Rgb WOOD = Rgb.of(0x6B4A2E);
  private static final Rgb CREAM = Rgb.of(0xF3E7C9);

  private Buildings() {}

  static void house(Brush b) {
    b.solid(box(0.2, -0.98, 0.33, -0.6), Rgb.of(0x8A5F50));
    Shape wall = polygon(-0.46, 0, -0.46, -0.52, 0, -0.9, 0.46, -0.52, 0.46, 0);
    b.solid(wall, b.body());
    b.outline(wall);
    b.fill(box(-0.46, -0.05, 0.46, 0), STONE);
    Path2D roof = polygon(-0.58, -0.47, 0, -1.0, 0.58, -0.47, 0.52, -0.4, 0, -0.86, -0.52, -0.4);
    b.solid(roof, ROOF);
    b.fill(rounded(-0.1, -0.33, 0.1, 0, 0.05), WOOD);
    b.fill(oval(0.06, -0.15, 0.018, 0.018), Rgb.of(0xE8C860));
    for (double x : new double[] {-0.29, 0.29}) {
      window(b, x, -0.31, 0.1, 0.11);
    }
    b.fill(oval(0, -0.6, 0.1, 0.1), b.trim());
    b.shine(oval(0, -0.6, 0.072, 0.072), b.windows());
  }

  private static void window(Brush b, double x, double y, double w, double h) {
    b.fill(box(x - w - 0.02, y - h - 0.02, x + w + 0.02, y + h + 0.02), b.trim());
    b.shine(box(x - w, y - h, x + w, y + h), b.windows());
    b.line(open(x, y - h, x, y + h), b.trim(), 0.02);
    b.line(open(x - w, y, x + w, y), b.trim(), 0.02);
  }

  static void lighthouse(Brush b) {
    Shape tower = tower(0, 0.74);
    b.solid(tower, b.body());
    b.solid(tower(0.16, 0.3), b.trim());
    b.solid(tower(0.46, 0.6), b.trim());
    b.outline(tower);
    b.fill(rounded(-0.05, -0.13, 0.05, 0, 0.06), Rgb.of(0x3A3230));
    b.shine(oval(0, -0.38, 0.026, 0.036), b.windows());
    b.fill(box(-0.155, -0.765, 0.155, -0.73), STONE);
    b.fill(box(-0.085, -0.9, 0.085, -0.765), STONE);
    b.shine(box(-0.065, -0.885, 0.065, -0.775), Rgb.of(0xFFE993));
    b.fill(box(-0.01, -0.885, 0.01, -0.775), STONE);
    b.solid(polygon(-0.115, -0.89, 0, -1.0, 0.115, -0.89), b.body());
    b.outline(polygon(-0.115, -0.89, 0, -1.0, 0.115, -0.89));
  }

  // The part of the tower between two heights.
  private static Shape tower(double from, double to) {
    double a = 0.175 - 0.085 * from;
    double c = 0.175 - 0.085 * to;
    return polygon(-a, -from, -c, -to, c, -to, a, -from);
  }

  static void windmill(Brush b) {
    Shape tower = polygon(-0.27, 0, -0.17, -0.62, 0.17, -0.62, 0.27, 0);
    b.solid(tower, b.body());
    b.outline(tower);
    b.fill(rounded(-0.08, -0.2, 0.08, 0, 0.1), WOOD);
    b.shine(oval(0, -0.36, 0.045, 0.055), b.windows());
    Path2D cap = new Path2D.Double();
    cap.moveTo(-0.2, -0.61);
    cap.curveTo(-0.18, -0.86, 0.18, -0.86, 0.2, -0.61);
    cap.closePath();
    b.solid(cap, ROOF);
    for (int i = 0; i < 4; i++) {
      AffineTransform turn = AffineTransform.getTranslateInstance(0, -0.67);
      turn.rotate(Math.toRadians(28 + 90 * i));
      blade(b, turn);
    }
    b.fill(oval(0, -0.67, 0.035, 0.035), Rgb.of(0x40302A));
  }

  private static void blade(Brush b, AffineTransform turn) {
    Shape sail = turn.createTransformedShape(box(0.0, -0.42, 0.115, -0.1));
    b.fill(sail, CREAM);
    b.line(sail, WOOD, 0.014);
    for (int i = 1; i < 4; i++) {
      double y = -0.1 - 0.08 * i;
      b.line(turn.createTransformedShape(open(0, y, 0.115, y)), Rgb.of(0xA98A62), 0.012);
    }
    b.line(turn.createTransformedShape(open(0, 0, 0, -0.43)), WOOD, 0.03);
  }

  static void castle(Brush b) {
    turret(b, 0, 0.17, 0.68, true);
    Shape wall = crenels(-0.42, 0.42, 0.42);
    b.solid(wall, b.body());
    b.outline(wall);
    turret(b, -0.43, 0.135, 0.56, false);
    turret(b, 0.43, 0.135, 0.56, false);
    Path2D gate = new Path2D.Double();
    gate.moveTo(-0.12, 0);
    gate.lineTo(-0.12, -0.16);
    gate.curveTo(-0.12, -0.31, 0.12, -0.31, 0.12, -0.16);
    gate.lineTo(0.12, 0);
    gate.closePath();
    b.fill(gate, Rgb.of(0x33281F));
    for (double x : new double[] {-0.07, 0, 0.07}) {
      b.line(open(x, 0, x, -0.24), Rgb.of(0x6B5A48), 0.014);
    }
    b.shine(rounded(-0.27, -0.27, -0.21, -0.15, 0.05), b.windows());
    b.shine(rounded(0.21, -0.27, 0.27, -0.15, 0.05), b.windows());
  }

  private static void turret(Brush b, double x, double half, double height, boolean flag) {
    if (flag) {
      b.line(open(x, -height - 0.2, x, -height - 0.36), WOOD, 0.016);
      b.fill(
          polygon(x, -height - 0.36, x + 0.14, -height - 0.31, x, -height - 0.26),
          Rgb.of(0xF4D35E));
    }
    Shape tower = crenels(x - half, x + half, height);
    b.solid(tower, b.body());
    b.outline(tower);
    Shape roof =
        polygon(
            x - half - 0.03, -height, x, -height - (flag ? 0.24 : 0.26), x + half + 0.03, -height);
    b.solid(roof, b.body().times(0.62).mix(STONE, 0.25));
    b.outline(roof);
    b.shine(rounded(x - 0.03, -height + 0.09, x + 0.03, -height + 0.21, 0.06), b.windows());
  }

  private static Shape crenels(double x0, double x1, double height) {
    Path2D path = new Path2D.Double();
    path.moveTo(x0, 0);
    int teeth = Math.max(3, (int) Math.round((x1 - x0) / 0.11) | 1);
    double step = (x1 - x0) / teeth;
    for (int i = 0; i < teeth; i++) {
      double y = -height - (i % 2 == 0 ? 0.05 : 0);
      path.lineTo(x0 + i * step, y);
      path.lineTo(x0 + (i + 1) * step, y);
    }
    path.lineTo(x1, 0);
    path.closePath();
    return path;
  }
}
