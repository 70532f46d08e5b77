package dev.latente.scenes.judge;

import dev.latente.image.Picture;
import java.util.SplittableRandom;

/// Makes rendered pictures a little worse, as generated ones are: other colours, blur, noise.
///
/// Without it the judge would rely on outlines sharper than an autoencoder gives back.
///
/// @param colour how far a channel's gain and level may go, in parts of the range -1 to 1
/// @param noise largest amplitude of the noise, likewise
record Distortion(double colour, double noise) {
  static final Distortion STANDARD = new Distortion(0.1, 0.15);

  private static final double BLURRED = 0.6;
  private static final double BLURRED_TWICE = 0.3;
  private static final int BITS = 21;

  /// A picture's numbers `[3, H, W]`, -1 to 1, distorted.
  float[] apply(Picture picture, SplittableRandom random) {
    float[] x = picture.toFloats();
    if (random.nextDouble() < BLURRED) {
      x = blurred(x, picture.width(), (float) random.nextDouble());
      if (random.nextDouble() < BLURRED_TWICE) {
        x = blurred(x, picture.width(), (float) random.nextDouble());
      }
    }
    recolour(x, random);
    disturb(x, noise * random.nextDouble(), random);
    return x;
  }

  private void recolour(float[] x, SplittableRandom random) {
    int plane = x.length / 3;
    for (int c = 0; c < 3; c++) {
      float gain = (float) (1 + within(colour, random));
      float level = (float) within(colour, random);
      for (int i = c * plane; i < (c + 1) * plane; i++) {
        x[i] = gain * x[i] + level;
      }
    }
  }

  // Uniform in -bound to bound, which may be 0.
  private static double within(double bound, SplittableRandom random) {
    return random.nextDouble() * (2 * bound) - bound;
  }

  // Uniform noise, three numbers of a random long.
  private static void disturb(float[] x, double amplitude, SplittableRandom random) {
    float unit = (float) (amplitude / (1 << BITS - 1));
    int mask = (1 << BITS) - 1;
    for (int i = 0; i + 2 < x.length; i += 3) {
      long bits = random.nextLong();
      for (int j = 0; j < 3; j++) {
        x[i + j] += unit * ((int) (bits >>> j * BITS & mask) - (1 << BITS - 1));
      }
    }
  }

  /// Blends each pixel with its neighbours, of weights 1 2 1 across and down; at the border a pixel
  /// is its own neighbour.
  private static float[] blurred(float[] x, int width, float strength) {
    float side = strength / 4;
    int height = x.length / 3 / width;
    float[] across = new float[x.length];
    for (int row = 0; row < x.length; row += width) {
      for (int i = 0; i < width; i++) {
        float left = x[row + Math.max(0, i - 1)];
        float right = x[row + Math.min(width - 1, i + 1)];
        across[row + i] = (1 - 2 * side) * x[row + i] + side * (left + right);
      }
    }
    float[] both = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      int row = i / width % height;
      float above = across[row == 0 ? i : i - width];
      float below = across[row == height - 1 ? i : i + width];
      both[i] = (1 - 2 * side) * across[i] + side * (above + below);
    }
    return both;
  }
}
