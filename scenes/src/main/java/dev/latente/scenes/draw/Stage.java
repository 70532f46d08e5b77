package dev.latente.scenes.draw;

import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Placed;
import dev.latente.scenes.world.Scene;
import dev.latente.scenes.world.Size;
import dev.latente.scenes.world.Thing;
import java.util.SplittableRandom;

/// Where things are: the height of the picture is 1, y grows downwards, x goes from 0 to the width.
///
/// @param width width over height of the picture
/// @param horizon the y of the horizon
/// @param sunX the x of sun or moon
/// @param sunY the y of sun or moon
record Stage(Scene scene, Light light, double width, double horizon, double sunX, double sunY) {
  private static final double FARTHEST = 0.06;

  static Stage of(Scene scene, double width) {
    SplittableRandom random = stream(scene, 1);
    double horizon = 0.54 + 0.06 * random.nextDouble();
    double x = width * (0.12 + 0.76 * random.nextDouble());
    double lift =
        scene.ground() == Ground.MOUNTAINS ? 0.22 : scene.ground() == Ground.LAKE ? 0.1 : 0.045;
    double y =
        switch (scene.time()) {
          case DAWN -> horizon - lift - 0.03 * random.nextDouble();
          case SUNSET -> horizon - lift - 0.02 * random.nextDouble();
          case NOON -> 0.11 + 0.06 * random.nextDouble();
          case NIGHT -> 0.14 + 0.08 * random.nextDouble();
        };
    return new Stage(scene, Light.of(scene.time()), width, horizon, x, y);
  }

  /// The random stream of one part of the drawing; parts do not disturb each other.
  static SplittableRandom stream(Scene scene, int part) {
    return new SplittableRandom(scene.seed() * 0x9E3779B97F4A7C15L + part * 0xD1B54A32D192ED03L);
  }

  /// How near the ground is at a height: 1 at the lower edge, small at the horizon.
  double depth(double y) {
    double t = Rgb.unit((y - horizon) / (1 - horizon));
    return FARTHEST + (1 - FARTHEST) * t;
  }

  /// Where one thing stands.
  Spot spot(int index) {
    Placed placed = scene.things().get(index);
    SplittableRandom random = stream(scene, 20 + index);
    boolean large = placed.size() == Size.LARGE;
    double unit = (large ? 0.43 : 0.23) * (0.95 + 0.1 * random.nextDouble()) * Math.min(1, width);
    double scale = unit * proportion(placed.thing());
    double x =
        width
            * (switch (placed.place()) {
                  case LEFT -> 0.25;
                  case CENTRE -> 0.5;
                  case RIGHT -> 0.75;
                }
                + 0.05 * (random.nextDouble() - 0.5));
    double half = scale * halfWidth(placed.thing());
    x = Math.max(half + 0.01, Math.min(width - half - 0.01, x));
    double jitter = random.nextDouble();
    if (placed.thing().flies()) {
      double y = large ? 0.52 + 0.05 * jitter : 0.36 + 0.1 * jitter;
      return new Spot(placed, index, x, y, scale, random.nextBoolean(), large ? 0.62 : 0.3);
    }
    double y = horizon + (large ? 0.25 + 0.06 * jitter : 0.095 + 0.045 * jitter);
    return new Spot(placed, index, x, y, scale, random.nextBoolean(), depth(y));
  }

  private static double proportion(Thing thing) {
    return switch (thing) {
      case BOAT -> 0.86;
      case HOUSE -> 0.92;
      case TREE, BALLOON -> 1.04;
      case LIGHTHOUSE -> 1.2;
      case CAR -> 0.78;
      case WINDMILL, CASTLE -> 1.0;
    };
  }

  private static double halfWidth(Thing thing) {
    return switch (thing) {
      case BOAT -> 0.76;
      case HOUSE -> 0.58;
      case CASTLE -> 0.61;
      case TREE, BALLOON -> 0.4;
      case LIGHTHOUSE -> 0.2;
      case CAR -> 0.86;
      case WINDMILL -> 0.45;
    };
  }

  /// Where a thing stands.
  ///
  /// @param x the middle of its foot
  /// @param y the height of its foot
  /// @param scale the height of a thing drawn 1 high
  /// @param mirrored whether it looks to the left
  /// @param depth how near it is, 0..1
  record Spot(
      Placed placed, int index, double x, double y, double scale, boolean mirrored, double depth) {
    double halfWidth() {
      return scale * Stage.halfWidth(placed.thing());
    }
  }
}
