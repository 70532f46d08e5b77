package dev.latente.scenes.judge;

import dev.latente.image.Picture;

/// How far the colours of two pictures are from each other, wherever they lie.
final class ColourDistance {
  private static final int LEVELS = 4; // of each of red, green and blue

  private ColourDistance() {}

  /// Half the summed difference of both histograms of 64 colours: 0 (the same shares) to 1 (no
  /// colour in common).
  static double between(Picture a, Picture b) {
    double[] one = histogram(a);
    double[] other = histogram(b);
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.abs(one[i] - other[i]);
    }
    return sum / 2;
  }

  private static double[] histogram(Picture picture) {
    double[] shares = new double[LEVELS * LEVELS * LEVELS];
    double each = 1.0 / ((double) picture.width() * picture.height());
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        int rgb = picture.at(x, y);
        int cell = (level(rgb >> 16) * LEVELS + level(rgb >> 8)) * LEVELS + level(rgb);
        shares[cell] += each;
      }
    }
    return shares;
  }

  private static int level(int shifted) {
    return (shifted & 0xff) * LEVELS / 256;
  }
}
