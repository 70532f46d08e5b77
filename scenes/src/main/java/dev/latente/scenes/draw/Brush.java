package dev.latente.scenes.draw;

import dev.latente.scenes.world.Colour;
import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.LinearGradientPaint;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;

/// Draws one thing in its own coordinates: its foot at (0, 0), its top near (0, -1). Not
/// thread-safe, as its graphics.
final class Brush {
  private final Graphics2D graphics;
  private final Light light;
  private final Rgb body;
  private final boolean litFromLeft;

  /// @param litFromLeft whether the light comes from the left in the thing's own coordinates
  Brush(Graphics2D graphics, Light light, Colour colour, boolean litFromLeft) {
    this.graphics = graphics;
    this.light = light;
    this.body = Rgb.of(colour.rgb());
    this.litFromLeft = litFromLeft;
  }

  static void smooth(Graphics2D graphics) {
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
  }

  Rgb body() {
    return body;
  }

  /// A second colour for trim: white, or grey on a white body.
  Rgb trim() {
    return body.luminance() > 0.9 ? Rgb.of(0xB9C0CC) : Rgb.of(0xF7F3EA);
  }

  /// -1 where the light comes from the left, else 1.
  double litSide() {
    return litFromLeft ? -1 : 1;
  }

  Rgb windows() {
    return light.windowsLit() ? Rgb.of(0xFFDF80) : Rgb.of(0x35506E);
  }

  /// Fills with one colour, in the light of the scene.
  void fill(Shape shape, Rgb colour) {
    graphics.setPaint(colour.times(light.onThings()).awt());
    graphics.fill(shape);
  }

  /// Fills with a colour that shines by itself, whatever the light.
  void shine(Shape shape, Rgb colour) {
    graphics.setPaint(colour.awt());
    graphics.fill(shape);
  }

  /// Fills a body: lighter on the lit side, darker on the other.
  void solid(Shape shape, Rgb colour) {
    Rectangle2D bounds = shape.getBounds2D();
    Rgb lit = colour.mix(Rgb.WHITE, colour.luminance() < 0.2 ? 0.2 : 0.12).times(light.onThings());
    Rgb plain = colour.times(light.onThings());
    Rgb dark = colour.times(0.7).times(light.onThings());
    double left = litFromLeft ? bounds.getMinX() : bounds.getMaxX();
    double right = litFromLeft ? bounds.getMaxX() : bounds.getMinX();
    graphics.setPaint(
        new LinearGradientPaint(
            (float) left,
            0,
            (float) right,
            0,
            new float[] {0, 0.45f, 1},
            new java.awt.Color[] {lit.awt(), plain.awt(), dark.awt()}));
    graphics.fill(shape);
  }

  /// Draws a body's outline: darker than it, or lighter where it is black.
  void outline(Shape shape) {
    Rgb seen = body.times(light.onThings());
    Rgb line = seen.luminance() < 0.2 ? seen.mix(Rgb.of(0x8FA3C4), 0.35) : seen.times(0.5);
    graphics.setPaint(line.awt(0.75));
    graphics.setStroke(new BasicStroke(0.018f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(shape);
  }

  void line(Shape shape, Rgb colour, double width) {
    graphics.setPaint(colour.times(light.onThings()).awt());
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(shape);
  }

  /// A closed polygon through x, y pairs.
  static Path2D polygon(double... xy) {
    Path2D path = open(xy);
    path.closePath();
    return path;
  }

  /// A line through x, y pairs.
  static Path2D open(double... xy) {
    Path2D path = new Path2D.Double();
    path.moveTo(xy[0], xy[1]);
    for (int i = 2; i < xy.length; i += 2) {
      path.lineTo(xy[i], xy[i + 1]);
    }
    return path;
  }

  static Shape box(double x0, double y0, double x1, double y1) {
    return new Rectangle2D.Double(x0, y0, x1 - x0, y1 - y0);
  }

  static Shape rounded(double x0, double y0, double x1, double y1, double corner) {
    return new RoundRectangle2D.Double(x0, y0, x1 - x0, y1 - y0, corner, corner);
  }

  static Shape oval(double x, double y, double rx, double ry) {
    return new Ellipse2D.Double(x - rx, y - ry, 2 * rx, 2 * ry);
  }
}
