package dev.latente.scenes.draw;

import dev.latente.scenes.world.TimeOfDay;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.LinearGradientPaint;
import java.awt.RadialGradientPaint;
import java.awt.Shape;
import java.awt.geom.Area;
import java.util.SplittableRandom;

/// Draws the sky: gradient, sun or moon, stars, clouds.
final class Sky {
  private Sky() {}

  static void draw(Graphics2D g, Stage stage) {
    Light light = stage.light();
    g.setPaint(
        new LinearGradientPaint(
            0,
            0,
            0,
            (float) stage.horizon(),
            new float[] {0, 0.55f, 1},
            new Color[] {light.top().awt(), light.middle().awt(), light.low().awt()}));
    g.fill(Brush.box(-0.1, -0.1, stage.width() + 0.1, 1.1));
    SplittableRandom random = Stage.stream(stage.scene(), 2);
    switch (stage.scene().time()) {
      case DAWN -> {
        glow(g, stage, 0.45, light.sun(), 0.9);
        disc(g, stage, 0.055, light.sun());
      }
      case NOON -> {
        glow(g, stage, 0.3, light.sun(), 0.8);
        disc(g, stage, 0.06, Rgb.of(0xFFF6B8));
      }
      case SUNSET -> {
        glow(g, stage, 0.55, Rgb.of(0xFFC24D), 0.9);
        disc(g, stage, 0.085, light.sun());
      }
      case NIGHT -> {
        stars(g, stage, random);
        glow(g, stage, 0.26, Rgb.of(0x9DB4E8), 0.5);
        moon(g, stage, random.nextBoolean());
      }
    }
    clouds(g, stage, random);
  }

  private static void glow(Graphics2D g, Stage stage, double radius, Rgb colour, double alpha) {
    g.setPaint(
        new RadialGradientPaint(
            (float) stage.sunX(),
            (float) stage.sunY(),
            (float) radius,
            new float[] {0, 0.35f, 1},
            new Color[] {colour.awt(alpha), colour.awt(alpha * 0.4), colour.awt(0)}));
    g.fill(Brush.oval(stage.sunX(), stage.sunY(), radius, radius));
  }

  private static void disc(Graphics2D g, Stage stage, double radius, Rgb colour) {
    g.setPaint(colour.awt());
    g.fill(Brush.oval(stage.sunX(), stage.sunY(), radius, radius));
  }

  private static void moon(Graphics2D g, Stage stage, boolean waxing) {
    double r = 0.06;
    Area moon = new Area(Brush.oval(stage.sunX(), stage.sunY(), r, r));
    double shift = waxing ? -0.55 * r : 0.55 * r;
    moon.subtract(
        new Area(Brush.oval(stage.sunX() + shift, stage.sunY() - 0.15 * r, 0.85 * r, 0.85 * r)));
    g.setPaint(stage.light().sun().awt());
    g.fill(moon);
  }

  private static void stars(Graphics2D g, Stage stage, SplittableRandom random) {
    int count = (int) (46 * stage.width());
    for (int i = 0; i < count; i++) {
      double x = stage.width() * random.nextDouble();
      double y = stage.horizon() * 0.93 * Math.pow(random.nextDouble(), 0.8);
      double size = random.nextDouble();
      double r = 0.0035 + 0.0055 * size * size;
      double alpha = 0.65 + 0.35 * random.nextDouble();
      g.setPaint(Rgb.of(size > 0.6 ? 0xFFF9E0 : 0xD5E2FF).awt(alpha));
      g.fill(Brush.oval(x, y, r, r));
    }
  }

  private static void clouds(Graphics2D g, Stage stage, SplittableRandom random) {
    TimeOfDay time = stage.scene().time();
    int count = time == TimeOfDay.NIGHT ? random.nextInt(2) : 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      double x = stage.width() * random.nextDouble();
      double y = 0.06 + (stage.horizon() - 0.24) * random.nextDouble();
      double size = 0.06 + 0.07 * random.nextDouble();
      switch (time) {
        case NOON -> puff(g, stage, x, y, size, random);
        case DAWN, SUNSET, NIGHT -> streak(g, stage, x, y, size, random);
      }
    }
  }

  // A heap of discs on a flat foot.
  private static void puff(
      Graphics2D g, Stage stage, double x, double y, double size, SplittableRandom random) {
    Area cloud = new Area();
    for (int i = -2; i <= 2; i++) {
      double r = size * (0.62 - 0.13 * Math.abs(i)) * (0.85 + 0.3 * random.nextDouble());
      cloud.add(new Area(Brush.oval(x + i * size * 0.52, y - r * 0.3, r, r)));
    }
    cloud.intersect(new Area(Brush.box(x - 3 * size, y - 3 * size, x + 3 * size, y + size * 0.18)));
    g.setPaint(
        new LinearGradientPaint(
            0,
            (float) (y - size * 0.6),
            0,
            (float) (y + size * 0.2),
            new float[] {0, 1},
            new Color[] {stage.light().cloud().awt(0.97), Rgb.of(0xD3E3F2).awt(0.97)}));
    g.fill(cloud);
  }

  // Flat bands, lit from below.
  private static void streak(
      Graphics2D g, Stage stage, double x, double y, double size, SplittableRandom random) {
    for (int i = 0; i < 3; i++) {
      double w = size * (1.2 + 1.4 * random.nextDouble());
      double h = size * (0.12 + 0.08 * random.nextDouble());
      double cx = x + size * 1.5 * (random.nextDouble() - 0.5);
      double cy = y + i * size * 0.22;
      Shape band = Brush.oval(cx, cy, w, h);
      Rgb colour = stage.light().cloud();
      Rgb under = colour.mix(stage.light().low(), 0.55);
      g.setPaint(
          new LinearGradientPaint(
              0,
              (float) (cy - h),
              0,
              (float) (cy + h),
              new float[] {0, 1},
              new Color[] {colour.awt(0.75), under.awt(0.75)}));
      g.fill(band);
    }
  }
}
