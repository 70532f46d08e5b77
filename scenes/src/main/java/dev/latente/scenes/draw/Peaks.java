package dev.latente.scenes.draw;

import java.awt.Graphics2D;
import java.util.SplittableRandom;

/// Draws a range of snowy peaks.
final class Peaks {
  private Peaks() {}

  /// @param height of the highest peak above the horizon
  /// @param haze how much the air pales the range, 0..1
  static void draw(Graphics2D g, Stage stage, SplittableRandom random, double height, double haze) {
    Slopes slopes = Slopes.of(stage.light(), haze);
    double foot = stage.horizon() + 0.02;
    double x = -0.1 - 0.2 * random.nextDouble();
    while (x < stage.width() + 0.2) {
      double h = height * (0.65 + 0.35 * random.nextDouble());
      double half = h * (0.75 + 0.25 * random.nextDouble());
      double lean = half * 0.3 * (random.nextDouble() - 0.5);
      new Peak(x, x + lean, foot, h, half).draw(g, slopes, stage.sunX() < x);
      x += half * (0.85 + 0.4 * random.nextDouble());
    }
  }

  /// The colours of rock and snow, in the sun and in the shade.
  private record Slopes(Rgb litRock, Rgb darkRock, Rgb litSnow, Rgb darkSnow) {
    static Slopes of(Light light, double haze) {
      return new Slopes(
          Land.haze(light, 0x8492AC, haze),
          Land.haze(light, 0x56637F, haze),
          light.snow(0xFFFFFF).mix(light.low(), haze * 0.6),
          light.snow(0xB9C8E4).mix(light.low(), haze * 0.6));
    }
  }

  /// One peak.
  ///
  /// @param x the middle of its foot
  /// @param tip the x of its top
  /// @param foot the y of its foot
  /// @param h its height
  /// @param half half the width of its foot
  private record Peak(double x, double tip, double foot, double h, double half) {
    void draw(Graphics2D g, Slopes slopes, boolean litFromLeft) {
      double top = foot - h;
      g.setPaint((litFromLeft ? slopes.litRock : slopes.darkRock).awt());
      g.fill(Brush.polygon(x - half, foot, tip, top, tip, foot));
      g.setPaint((litFromLeft ? slopes.darkRock : slopes.litRock).awt());
      g.fill(Brush.polygon(tip, foot, tip, top, x + half, foot));
      double s = 0.46;
      double left = tip - (tip - x + half) * s;
      double right = tip + (x + half - tip) * s;
      double y = top + h * s;
      g.setPaint((litFromLeft ? slopes.litSnow : slopes.darkSnow).awt());
      g.fill(
          Brush.polygon(
              tip,
              top,
              left,
              y,
              left + half * 0.14,
              y - h * 0.07,
              left + half * 0.22,
              y + h * 0.06,
              tip,
              y - h * 0.06));
      g.setPaint((litFromLeft ? slopes.darkSnow : slopes.litSnow).awt());
      g.fill(
          Brush.polygon(
              tip,
              top,
              tip,
              y - h * 0.06,
              tip + half * 0.1,
              y + h * 0.04,
              right - half * 0.16,
              y - h * 0.08,
              right,
              y));
    }
  }
}
