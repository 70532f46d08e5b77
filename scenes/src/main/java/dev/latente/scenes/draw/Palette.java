package dev.latente.scenes.draw;

import java.util.Arrays;

/// A few colours that stand for many: chosen far apart, then moved to the middle of those nearest
/// to them (Lloyd 1982).
record Palette(int[] colours) {
  private static final int ROUNDS = 4;

  static Palette of(int[] samples, int count) {
    Palette palette = new Palette(farApart(samples, count));
    for (int i = 0; i < ROUNDS; i++) {
      palette = palette.moved(samples);
    }
    return palette;
  }

  // Each colour the sample farthest from those before it (Gonzalez 1985).
  private static int[] farApart(int[] samples, int count) {
    int[] chosen = new int[count];
    int[] distance = new int[samples.length];
    Arrays.fill(distance, Integer.MAX_VALUE);
    int next = samples[samples.length / 2];
    for (int k = 0; k < count; k++) {
      chosen[k] = next;
      int farthest = -1;
      for (int i = 0; i < samples.length; i++) {
        distance[i] = Math.min(distance[i], distance(samples[i], chosen[k]));
        if (distance[i] > farthest) {
          farthest = distance[i];
          next = samples[i];
        }
      }
    }
    return chosen;
  }

  private Palette moved(int[] samples) {
    int[][] sums = new int[colours.length][4];
    for (int sample : samples) {
      int[] sum = sums[index(sample)];
      sum[0] += sample >> 16 & 255;
      sum[1] += sample >> 8 & 255;
      sum[2] += sample & 255;
      sum[3]++;
    }
    int[] moved = colours.clone();
    for (int k = 0; k < moved.length; k++) {
      int n = sums[k][3];
      if (n > 0) {
        moved[k] = 0xff000000 | sums[k][0] / n << 16 | sums[k][1] / n << 8 | sums[k][2] / n;
      }
    }
    return new Palette(moved);
  }

  int nearest(int rgb) {
    return colours[index(rgb)];
  }

  private int index(int rgb) {
    int best = 0;
    int least = Integer.MAX_VALUE;
    for (int k = 0; k < colours.length; k++) {
      int d = distance(rgb, colours[k]);
      if (d < least) {
        least = d;
        best = k;
      }
    }
    return best;
  }

  private static int distance(int a, int b) {
    int r = (a >> 16 & 255) - (b >> 16 & 255);
    int g = (a >> 8 & 255) - (b >> 8 & 255);
    int c = (a & 255) - (b & 255);
    return 3 * r * r + 4 * g * g + 2 * c * c;
  }
}
