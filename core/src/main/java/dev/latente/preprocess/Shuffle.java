package dev.latente.preprocess;

import dev.latente.image.Picture;
import java.util.SplittableRandom;

/// The same colours elsewhere: each pixel is fetched from a place that wanders smoothly over the
/// picture, so that a network learns its manner and not what is where ([ControlNet
/// 1.1](https://github.com/lllyasviel/ControlNet-v1-1-nightly), shuffle).
///
/// @param seed of the way it wanders
/// @param cell how far apart its turns are, in pixels
public record Shuffle(long seed, int cell) implements Preprocessor {
  /// As ControlNet's own tool; always the same way.
  public static final Shuffle USUAL = new Shuffle(0, 256);

  private static final int CHANNELS = 3;

  /// Keys' cubic, as OpenCV has it.
  private static final double SHARPNESS = -0.75;

  public Shuffle {
    if (cell < 1) {
      throw new IllegalArgumentException("shuffle's cell must be positive: " + cell);
    }
  }

  @Override
  public Picture apply(Picture picture) {
    int width = picture.width();
    int height = picture.height();
    SplittableRandom random = new SplittableRandom(seed);
    double[] across = wander(random, width, height, width - 1);
    double[] down = wander(random, width, height, height - 1);
    byte[] from = picture.rgb();
    byte[] to = new byte[from.length];
    for (int i = 0; i < across.length; i++) {
      fetch(from, width, height, across[i], down[i], to, CHANNELS * i);
    }
    return Picture.of(width, height, to);
  }

  /// Numbers from 0 to `most` for each pixel, which change smoothly.
  private double[] wander(SplittableRandom random, int width, int height, double most) {
    int columns = width / cell + 5; // the cubic reaches one cell before and two after
    int rows = height / cell + 5;
    double[] knots = new double[columns * rows];
    for (int i = 0; i < knots.length; i++) {
      knots[i] = random.nextDouble();
    }
    double[] values = new double[width * height];
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double value = between(knots, columns, 1 + x / (double) cell, 1 + y / (double) cell);
        values[y * width + x] = value;
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
    }
    double range = greatest > least ? greatest - least : 1;
    for (int i = 0; i < values.length; i++) {
      values[i] = (values[i] - least) / range * most;
    }
    return values;
  }

  private static double between(double[] knots, int columns, double x, double y) {
    int left = (int) x;
    int top = (int) y;
    double sum = 0;
    for (int row = -1; row <= 2; row++) {
      for (int column = -1; column <= 2; column++) {
        double weight = cubic(y - (top + row)) * cubic(x - (left + column));
        sum += weight * knots[(top + row) * columns + left + column];
      }
    }
    return sum;
  }

  private static double cubic(double distance) {
    double x = Math.abs(distance);
    if (x < 1) {
      return ((SHARPNESS + 2) * x - (SHARPNESS + 3)) * x * x + 1;
    }
    return x < 2 ? SHARPNESS * (((x - 5) * x + 8) * x - 4) : 0;
  }

  /// The colour at a place between pixels, from the four around it.
  private static void fetch(
      byte[] from, int width, int height, double x, double y, byte[] to, int at) {
    int left = Math.min((int) x, width - 1);
    int top = Math.min((int) y, height - 1);
    int right = Math.min(left + 1, width - 1);
    int bottom = Math.min(top + 1, height - 1);
    double rest = x - left;
    double below = y - top;
    for (int channel = 0; channel < CHANNELS; channel++) {
      double upper = mix(from, width, top, left, right, channel, rest);
      double lower = mix(from, width, bottom, left, right, channel, rest);
      to[at + channel] = (byte) Math.round(upper + below * (lower - upper));
    }
  }

  private static double mix(
      byte[] from, int width, int row, int left, int right, int channel, double rest) {
    int one = from[CHANNELS * (row * width + left) + channel] & 0xff;
    int other = from[CHANNELS * (row * width + right) + channel] & 0xff;
    return one + rest * (other - one);
  }
}
