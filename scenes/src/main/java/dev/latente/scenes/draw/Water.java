package dev.latente.scenes.draw;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.LinearGradientPaint;
import java.awt.geom.Path2D;
import java.util.SplittableRandom;

/// Draws water: the lake mirrors what is above it, the sea has waves; both mirror the things on
/// them.
final class Water {
  private Water() {}

  /// Mirrors all above the horizon in the lake.
  static void lake(Pixels picture, Stage stage) {
    Noise noise = new Noise(stage.scene().seed() * 31 + 5);
    int h = picture.height();
    int start = (int) Math.ceil(stage.horizon() * h);
    Rgb water = stage.light().water(0x2E6C99);
    int tint = water.packed();
    int shine = stage.light().low().mix(Rgb.WHITE, 0.35).packed();
    for (int y = start; y < h; y++) {
      double t = (y - start) / (double) (h - start);
      double near = 0.02 + t;
      double source = stage.horizon() * h - (y - stage.horizon() * h) * 1.12;
      double tinted = 0.2 + 0.3 * t;
      for (int x = 0; x < picture.width(); x++) {
        double u = x / (double) h;
        double ripple = noise.at(u * 5 / near * 0.5 + 40, 46 * Math.pow(near, 0.55)) - 0.5;
        double dy = ripple * (2 + 9 * t) * h / 128.0;
        int colour = picture.at(x, (int) Math.min(start - 1, Math.max(0, source + dy)));
        int mixed = Pixels.mix(colour, tint, tinted);
        double glint = Math.max(0, ripple - 0.26) * 1.7 * (0.4 + t);
        picture.set(x, y, Pixels.mix(mixed, shine, glint));
      }
    }
  }

  /// Draws the sea below the horizon.
  static void sea(Graphics2D g, Stage stage) {
    SplittableRandom random = Stage.stream(stage.scene(), 5);
    Light light = stage.light();
    Rgb far = light.water(0x3A93BF).mix(light.low(), 0.3);
    Rgb near = light.water(0x0F4C7A);
    g.setPaint(
        new LinearGradientPaint(
            0,
            (float) stage.horizon(),
            0,
            1,
            new float[] {0, 1},
            new Color[] {far.awt(), near.awt()}));
    g.fill(Brush.box(-0.1, stage.horizon(), stage.width() + 0.1, 1.1));
    int rows = 12;
    for (int i = 0; i < rows; i++) {
      double t = (i + 0.4) / rows;
      double y = stage.horizon() + 0.012 + (1 - stage.horizon()) * Math.pow(t, 1.5);
      waveRow(g, stage, y, t, far.mix(near, t), random);
    }
  }

  private static void waveRow(
      Graphics2D g, Stage stage, double y, double t, Rgb colour, SplittableRandom random) {
    Light light = stage.light();
    double length = 0.05 + 0.2 * t;
    double height = 0.006 + 0.026 * t;
    double phase = random.nextDouble() * length;
    Path2D band = new Path2D.Double();
    Path2D crests = new Path2D.Double();
    band.moveTo(-0.4, y + 0.2);
    for (double x = -0.4 + phase; x < stage.width() + 0.3; x += length) {
      double lift = height * (0.6 + 0.6 * random.nextDouble());
      if (x < -0.4 + phase + length / 2) {
        band.lineTo(x, y);
      }
      band.curveTo(x + length * 0.35, y, x + length * 0.4, y - lift, x + length * 0.55, y - lift);
      band.curveTo(x + length * 0.7, y - lift, x + length * 0.7, y, x + length, y);
      crests.moveTo(x + length * 0.36, y - lift * 0.72);
      crests.quadTo(x + length * 0.55, y - lift * 1.2, x + length * 0.74, y - lift * 0.55);
    }
    band.lineTo(stage.width() + 0.4, y + 0.2);
    band.closePath();
    Rgb top = colour.mix(light.low().mix(light.water(0x6FC3DC), 0.5), 0.38);
    g.setPaint(
        new LinearGradientPaint(
            0,
            (float) (y - height),
            0,
            (float) (y + 0.03 + 0.06 * t),
            new float[] {0, 1},
            new Color[] {top.awt(0.85), colour.times(0.9).awt(0.85)}));
    g.fill(band);
    g.setPaint(light.ground(0xFFFFFF).mix(Rgb.WHITE, 0.15).awt(0.8));
    g.setStroke(
        new BasicStroke(
            (float) (0.003 + 0.007 * t), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.draw(crests);
  }

  /// Mirrors a thing in the water before it.
  ///
  /// @param layer the thing alone, transparent around it
  /// @param foot where the mirror image starts, in units
  /// @param strength how clear the mirror image is, 0..1
  static void reflect(
      Pixels picture, Pixels layer, Stage stage, Stage.Spot spot, double foot, double strength) {
    Noise noise = new Noise(stage.scene().seed() * 17 + spot.index());
    int h = picture.height();
    double y0 = spot.y() * h;
    int start = (int) (foot * h);
    int end = (int) Math.min(h, start + spot.scale() * 1.1 * h);
    for (int y = Math.max(0, start); y < end; y++) {
      double t = (y - start) / (spot.scale() * h);
      double fade = strength * (1 - 0.6 * t);
      int source = (int) (y0 - (y - start));
      double amplitude = (0.004 + 0.03 * t) * spot.scale() * 3 * h;
      int shift =
          (int) Math.round((noise.at(0.5, (y / (double) h) * 55) - 0.5) * amplitude * strength);
      int left = (int) Math.max(0, (spot.x() - spot.halfWidth() * 1.3) * h);
      int right = (int) Math.min(picture.width(), (spot.x() + spot.halfWidth() * 1.3) * h);
      for (int x = left; x < right; x++) {
        int colour = layer.at(x + shift, source);
        int alpha = colour >>> 24;
        if (alpha > 0 && source >= 0) {
          picture.set(x, y, Pixels.mix(picture.at(x, y), colour, alpha / 255.0 * fade));
        }
      }
    }
  }
}
