package dev.latente.scenes.draw;

import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.TimeOfDay;
import java.util.SplittableRandom;

/// The direction of brush strokes at each point.
///
/// In the sky it circles around sun or moon and two or three eddies; on the ground it follows
/// waves, grass or slopes.
final class Flow {
  private final Drawn drawn;
  private final double[][] eddies;
  private final Noise noise;
  private final Pixels soft;

  private Flow(Drawn drawn, double[][] eddies, Noise noise) {
    this.drawn = drawn;
    this.eddies = eddies;
    this.noise = noise;
    this.soft = drawn.plain().blurred(Math.max(1, drawn.plain().height() / 90));
  }

  static Flow of(Drawn drawn) {
    Stage stage = drawn.stage();
    SplittableRandom random = Stage.stream(stage.scene(), 8);
    int count =
        stage.scene().time() == TimeOfDay.NIGHT ? 5 + random.nextInt(3) : 2 + random.nextInt(2);
    double[][] eddies = new double[count + 1][];
    eddies[0] = new double[] {stage.sunX(), stage.sunY(), 1};
    for (int i = 1; i <= count; i++) {
      double x = stage.width() * (i - 0.8 + 0.6 * random.nextDouble()) / count;
      double y = stage.horizon() * (0.12 + 0.6 * random.nextDouble());
      eddies[i] =
          new double[] {x, y, (random.nextBoolean() ? 1 : -1) * (0.5 + 0.5 * random.nextDouble())};
    }
    return new Flow(drawn, eddies, new Noise(stage.scene().seed() * 5 + 4));
  }

  /// The direction in radians.
  double angle(double x, double y) {
    Pixels plain = drawn.plain();
    int h = plain.height();
    int px = (int) Math.max(0, Math.min(plain.width() - 1, x * h));
    int py = (int) Math.max(0, Math.min(h - 1, y * h));
    int i = py * plain.width() + px;
    if (drawn.thing(i)) {
      return alongEdge(px, py, Math.PI / 2);
    }
    if (drawn.depth()[i] == 0) {
      return sky(x, y);
    }
    double wave = noise.at(x * 5, y * 9) - 0.5;
    if (y < drawn.stage().horizon()) {
      return alongEdge(px, py, wave);
    }
    return switch (drawn.stage().scene().ground()) {
      case LAKE -> 0.25 * wave;
      case SEA -> 0.9 * wave;
      case MEADOW -> -Math.PI / 2 + 1.6 * wave;
      case DESERT, MOUNTAINS -> alongEdge(px, py, 0.8 * wave);
    };
  }

  /// How much a stroke bends.
  double bend(double x, double y) {
    return y < drawn.stage().horizon() ? 0.8 : 0.3 * (noise.at(x * 4, y * 4) - 0.5);
  }

  /// How much of a star's glow the paint takes, 0..1: at night the eddies are stars.
  double star(double x, double y) {
    if (drawn.stage().scene().time() != TimeOfDay.NIGHT || y > drawn.stage().horizon()) {
      return 0;
    }
    double glow = 0;
    for (int i = 1; i < eddies.length; i++) {
      double r = Math.hypot(x - eddies[i][0], y - eddies[i][1]);
      double size = 0.05 * Math.abs(eddies[i][2]);
      glow = Math.max(glow, Math.exp(-r * r / (size * size)) * 0.95);
    }
    return glow;
  }

  /// How much lighter or darker the paint is than the picture: bands that circle with the sky's
  /// eddies.
  double accent(double x, double y) {
    Stage stage = drawn.stage();
    if (y > stage.horizon()) {
      return stage.scene().ground() == Ground.MEADOW ? 0.16 * (noise.at(x * 14, y * 14) - 0.5) : 0;
    }
    double sum = 0;
    for (double[] eddy : eddies) {
      double r = Math.hypot(x - eddy[0], y - eddy[1]);
      sum += Math.sin(r * 75) * Math.exp(-r * 5.5);
    }
    return 0.3 * sum;
  }

  private double sky(double x, double y) {
    double vx = 0.9;
    double vy = 0.9 * (noise.at(x * 3, y * 3) - 0.5);
    for (double[] eddy : eddies) {
      double dx = x - eddy[0];
      double dy = y - eddy[1];
      double pull =
          eddy[2] * 0.35 / (dx * dx + dy * dy + 0.004) * Math.exp(-3 * Math.hypot(dx, dy));
      vx += -dy * pull;
      vy += dx * pull;
    }
    return Math.atan2(vy, vx);
  }

  private double alongEdge(int x, int y, double otherwise) {
    double gx = Pixels.luminance(soft.at(x + 1, y)) - Pixels.luminance(soft.at(x - 1, y));
    double gy = Pixels.luminance(soft.at(x, y + 1)) - Pixels.luminance(soft.at(x, y - 1));
    return Math.hypot(gx, gy) < 0.03 ? otherwise : Math.atan2(gy, gx) + Math.PI / 2;
  }
}
