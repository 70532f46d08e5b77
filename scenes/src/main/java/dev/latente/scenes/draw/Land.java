package dev.latente.scenes.draw;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.LinearGradientPaint;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.util.SplittableRandom;

/// Draws what rises behind the ground ([#far]) and the ground itself ([#near]).
final class Land {
  private Land() {}

  /// Hills or peaks above the horizon, on a layer of their own.
  static void far(Graphics2D g, Stage stage) {
    SplittableRandom random = Stage.stream(stage.scene(), 3);
    Light light = stage.light();
    switch (stage.scene().ground()) {
      case LAKE -> {
        hills(g, stage, random, 0.075, haze(light, 0x5F8C7B, 0.45));
        hills(g, stage, random, 0.045, haze(light, 0x3F7350, 0.2));
      }
      case SEA -> {}
      case MEADOW -> hills(g, stage, random, 0.06, haze(light, 0x6FA765, 0.35));
      case DESERT -> hills(g, stage, random, 0.04, haze(light, 0xD9AE6C, 0.3));
      case MOUNTAINS -> {
        Peaks.draw(g, stage, random, 0.30, 0.45);
        Peaks.draw(g, stage, random, 0.19, 0.12);
      }
    }
  }

  /// The ground below the horizon, but for water, which [Water] draws.
  static void near(Graphics2D g, Stage stage) {
    SplittableRandom random = Stage.stream(stage.scene(), 4);
    switch (stage.scene().ground()) {
      case LAKE, SEA -> {}
      case MEADOW -> meadow(g, stage, random);
      case DESERT -> desert(g, stage, random);
      case MOUNTAINS -> snow(g, stage, random);
    }
  }

  /// A ground colour paled by the air before it.
  static Rgb haze(Light light, int rgb, double amount) {
    return light.ground(rgb).mix(light.low(), amount);
  }

  private static void hills(
      Graphics2D g, Stage stage, SplittableRandom random, double height, Rgb colour) {
    g.setPaint(colour.awt());
    g.fill(wave(stage, stage.horizon() + 0.004, height, 2.2, stage.horizon() + 0.02, random));
  }

  // The area below a soft wave; the wave lifts from the base by up to the height.
  private static Shape wave(
      Stage stage, double base, double height, double rate, double foot, SplittableRandom random) {
    double a = 7 * random.nextDouble();
    double b = 7 * random.nextDouble();
    Path2D path = new Path2D.Double();
    path.moveTo(-0.1, foot);
    for (double x = -0.1; x < stage.width() + 0.13; x += 0.03) {
      double lift = 0.5 + 0.32 * Math.sin(rate * 1.7 * x + a) + 0.18 * Math.sin(rate * 3.9 * x + b);
      path.lineTo(x, base - height * lift);
    }
    path.lineTo(stage.width() + 0.1, foot);
    path.closePath();
    return path;
  }

  private static void ground(Graphics2D g, Stage stage, Rgb back, Rgb front) {
    g.setPaint(
        new LinearGradientPaint(
            0,
            (float) stage.horizon(),
            0,
            1,
            new float[] {0, 1},
            new Color[] {back.awt(), front.awt()}));
    g.fill(Brush.box(-0.1, stage.horizon(), stage.width() + 0.1, 1.1));
  }

  private static void meadow(Graphics2D g, Stage stage, SplittableRandom random) {
    Light light = stage.light();
    ground(g, stage, light.ground(0x8CC152), light.ground(0x3F8A36));
    for (int i = 1; i <= 3; i++) {
      double y = stage.horizon() + 0.1 * i;
      Rgb colour = light.ground(0x7DB84A).mix(light.ground(0x3F8A36), i / 3.6);
      g.setPaint(colour.awt(0.8));
      g.fill(wave(stage, y, 0.035 + 0.015 * i, 1.6, 1.1, random));
    }
    int[] petals = {0xFFFFFF, 0xFFE14D, 0xFF8FB1, 0xF7564A, 0xC9A6FF};
    int count = (int) (110 * stage.width());
    for (int i = 0; i < count; i++) {
      double t = i / (double) count;
      double y = stage.horizon() + 0.03 + (0.97 - stage.horizon()) * Math.pow(t, 1.25);
      double x = stage.width() * random.nextDouble();
      double r = 0.0032 + 0.0095 * t;
      Rgb petal = light.ground(petals[random.nextInt(petals.length)]).mix(Rgb.WHITE, 0.08);
      g.setPaint(light.ground(0x2F6B2A).awt(0.7));
      g.fill(Brush.box(x - r * 0.2, y, x + r * 0.2, y + r * 2.4));
      g.setPaint(petal.awt());
      g.fill(Brush.oval(x, y, r, r * 0.85));
    }
  }

  private static void desert(Graphics2D g, Stage stage, SplittableRandom random) {
    Light light = stage.light();
    ground(g, stage, light.ground(0xEBC987), light.ground(0xD9A75A));
    for (int i = 0; i < 4; i++) {
      double y = stage.horizon() + 0.05 + 0.105 * i;
      dune(g, stage, y, 0.055 + 0.02 * i, random);
    }
  }

  // A dune: a lit back, and a shaded side that falls from the crest.
  private static void dune(
      Graphics2D g, Stage stage, double y, double height, SplittableRandom random) {
    Light light = stage.light();
    double crest = stage.width() * (0.1 + 0.8 * random.nextDouble());
    double reach = stage.width() * (0.55 + 0.3 * random.nextDouble());
    double side = stage.sunX() < crest ? 1 : -1;
    Path2D back = new Path2D.Double();
    back.moveTo(crest - 3 * stage.width(), y + height);
    back.lineTo(crest - reach, y + height);
    back.curveTo(crest - reach * 0.5, y + height, crest - reach * 0.3, y, crest, y);
    back.curveTo(
        crest + reach * 0.3, y, crest + reach * 0.5, y + height, crest + reach, y + height);
    back.lineTo(crest + 3 * stage.width(), y + height);
    back.lineTo(crest + 3 * stage.width(), 1.2);
    back.lineTo(crest - 3 * stage.width(), 1.2);
    back.closePath();
    g.setPaint(
        new LinearGradientPaint(
            0,
            (float) y,
            0,
            (float) (y + 0.3),
            new float[] {0, 1},
            new Color[] {light.ground(0xF6D793).awt(), light.ground(0xD7A357).awt()}));
    g.fill(back);
    g.setPaint(light.ground(0xB07A3E).awt(0.75));
    g.fill(shade(crest, y, side * reach, height));
  }

  // What lies in shadow beside a crest.
  private static Shape shade(double crest, double y, double reach, double height) {
    Path2D shade = new Path2D.Double();
    shade.moveTo(crest, y);
    shade.curveTo(
        crest + reach * 0.3, y, crest + reach * 0.5, y + height, crest + reach, y + height);
    shade.curveTo(
        crest + reach * 0.4, y + height * 1.25, crest + reach * 0.12, y + height, crest, y);
    shade.closePath();
    return shade;
  }

  private static void snow(Graphics2D g, Stage stage, SplittableRandom random) {
    Light light = stage.light();
    ground(g, stage, light.snow(0xDFE9F7), light.snow(0xF8FBFF));
    for (int i = 0; i < 3; i++) {
      double y = stage.horizon() + 0.07 + 0.12 * i;
      g.setPaint(
          new LinearGradientPaint(
              0,
              (float) (y - 0.05),
              0,
              (float) (y + 0.16),
              new float[] {0, 0.3f, 1},
              new Color[] {
                light.snow(0xFFFFFF).awt(),
                light.snow(0xEAF1FB).awt(),
                light.snow(0xBFD0EA).awt(0.7)
              }));
      g.fill(wave(stage, y, 0.06, 1.3, 1.1, random));
    }
  }
}
