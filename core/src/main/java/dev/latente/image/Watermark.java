package dev.latente.image;

import java.util.Arrays;

/// An invisible sign in a picture that says a program drew it.
///
/// A pattern of random signs is added to the brightness, in frequencies of the whole picture that
/// neither JPEG nor resizing takes away: spread spectrum as in [Cox et al.
/// (1997)](https://doi.org/10.1109/83.650120). Who knows the key finds it by correlation, without
/// the original; each coefficient is first divided by the usual strength of its neighbours in
/// frequency, and each pixel by that of its neighbours in place ([LocalContrast]). The mark is made
/// as strong as it needs to be found again, and no stronger than [#LEAST_PSNR].
///
/// It is no proof. The key is public, as the program is: whoever wants to can take the mark away or
/// put it into a photograph; a crop, a turn or a strong change of shape loses it. That it is there
/// means that a picture was most likely drawn by such a program; that it is not means nothing.
///
/// Equal pictures are marked equally, on every machine. Immutable.
public final class Watermark {
  /// The mark that Latente's command puts into its pictures.
  public static final Watermark LATENTE = new Watermark(0x4C61_7465_6E74_6531L);

  /// The shortest side of a picture that can carry a mark, in pixels.
  public static final int LEAST_SIDE = 64;

  /// The score from which on a mark counts as found.
  ///
  /// In a picture without it, whose coefficients know nothing of the key's signs, a score of t or
  /// more has a probability of at most exp(-t²/2) for each of the bands that are tried: [Hoeffding
  /// (1963)](https://doi.org/10.1080/01621459.1963.10500830), theorem 2. Here: at most 6e-8.
  public static final double THRESHOLD = 6;

  /// The mark's own noise is never stronger than this, in decibels of peak signal to noise.
  public static final double LEAST_PSNR = 41;

  private static final double MOST_PSNR = 46;

  /// The score that a mark is to have when it is made: enough for what JPEG and resizing take.
  private static final double WANTED = 10;

  /// Frequencies up to these radii, in half-waves along a side, are marked and tried.
  private static final int[] BANDS = {32, 48, 64, 96};

  /// Lower frequencies belong to the picture's large shapes.
  private static final int LOWEST = 10;

  /// A mark goes up to this share of the frequencies that a side can have...
  private static final double MARKED = 0.5;

  /// ...and is looked for up to this one, since a picture may have been shrunk.
  private static final double SOUGHT = 0.75;

  /// Width of the rings of frequencies whose coefficients are about equally strong.
  private static final int RING = 4;

  /// Coefficients count no more than this many deviations.
  private static final float CLIP = 2.5f;

  /// The median of the magnitude of a normal variable of deviation 1.
  private static final float NORMAL_MEDIAN = 0.6745f;

  private static final float SMALLEST = 1e-3f; // keeps empty rings from being divided by zero

  private final long key;

  private Watermark(long key) {
    this.key = key;
  }

  /// The mark of `key`: another one for each key.
  public static Watermark of(long key) {
    return new Watermark(key);
  }

  /// What a look for a mark found.
  ///
  /// @param score how well the picture agrees with the key: normally distributed with deviation 1
  ///   for each of a few bands, of which the best counts, if there is no mark
  public record Detection(double score) {
    /// Whether the mark counts as found.
    public boolean found() {
      return score >= THRESHOLD;
    }
  }

  /// `picture` with the mark; the picture itself if it is too small to carry one.
  public Picture mark(Picture picture) {
    int least = Math.min(picture.width(), picture.height());
    if (least < LEAST_SIDE) {
      return picture;
    }
    float[] pattern = pattern(picture.width(), picture.height(), band(least, MARKED));
    Picture marked = picture;
    for (double psnr = MOST_PSNR; psnr >= LEAST_PSNR; psnr--) {
      marked = added(picture, pattern, (float) (255 / Math.pow(10, psnr / 20)));
      if (detect(marked).score() >= WANTED) {
        break;
      }
    }
    return marked;
  }

  /// Looks for the mark in `picture`.
  public Detection detect(Picture picture) {
    int width = picture.width();
    int height = picture.height();
    int least = Math.min(width, height);
    if (least * SOUGHT < BANDS[0]) {
      return new Detection(0);
    }
    int side = band(least, SOUGHT);
    float[] contrast = LocalContrast.of(brightness(picture), width, height);
    float[] evened = evened(CosineBand.of(width, height, side).analyse(contrast), side);
    double best = Double.NEGATIVE_INFINITY;
    for (int band : BANDS) {
      if (band <= side) {
        best = Math.max(best, agreement(evened, side, band));
      }
    }
    return new Detection(best);
  }

  /// The widest band that fits into `share` of the frequencies of a side.
  private static int band(int side, double share) {
    int widest = BANDS[0];
    for (int band : BANDS) {
      widest = band <= side * share ? band : widest;
    }
    return widest;
  }

  /// The mark `[height, width]`, of mean square 1.
  private float[] pattern(int width, int height, int side) {
    float[] coefficients = new float[side * side];
    int count = 0;
    for (int v = 0; v < side; v++) {
      for (int u = 0; u < side; u++) {
        if (isMarked(u, v, side)) {
          coefficients[v * side + u] = sign(u, v);
          count++;
        }
      }
    }
    float[] pattern = CosineBand.of(width, height, side).synthesise(coefficients);
    float scale = (float) Math.sqrt((double) width * height / count);
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] *= scale;
    }
    return pattern;
  }

  private static Picture added(Picture picture, float[] pattern, float levels) {
    byte[] rgb = picture.rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.clamp(Math.round((rgb[i] & 0xff) + levels * pattern[i / 3]), 0, 255);
    }
    return new Picture(picture.width(), picture.height(), rgb);
  }

  /// `[height, width]` in levels: Y' of [BT.601](https://www.itu.int/rec/R-REC-BT.601), as in JPEG.
  private static float[] brightness(Picture picture) {
    byte[] rgb = picture.bytes();
    float[] plane = new float[rgb.length / 3];
    for (int i = 0; i < plane.length; i++) {
      plane[i] =
          0.299f * (rgb[3 * i] & 0xff)
              + 0.587f * (rgb[3 * i + 1] & 0xff)
              + 0.114f * (rgb[3 * i + 2] & 0xff);
    }
    return plane;
  }

  /// Coefficients over the usual strength in their ring, and clipped: no single one decides.
  private static float[] evened(float[] coefficients, int side) {
    float[] evened = new float[coefficients.length];
    for (int inner = 0; inner < side; inner += RING) {
      float scale = 1 / (median(coefficients, side, inner) / NORMAL_MEDIAN + SMALLEST);
      for (int v = 0; v < side; v++) {
        for (int u = 0; u < side; u++) {
          if (isInRing(u, v, inner)) {
            int i = v * side + u;
            evened[i] = Math.clamp(coefficients[i] * scale, -CLIP, CLIP);
          }
        }
      }
    }
    return evened;
  }

  private static float median(float[] coefficients, int side, int inner) {
    float[] magnitudes = new float[coefficients.length];
    int count = 0;
    for (int v = 0; v < side; v++) {
      for (int u = 0; u < side; u++) {
        if (isInRing(u, v, inner)) {
          magnitudes[count++] = Math.abs(coefficients[v * side + u]);
        }
      }
    }
    Arrays.sort(magnitudes, 0, count);
    return count == 0 ? 0 : magnitudes[count / 2];
  }

  private double agreement(float[] evened, int side, int band) {
    double sum = 0;
    double power = 0;
    for (int v = 0; v < band; v++) {
      for (int u = 0; u < band; u++) {
        if (isMarked(u, v, band)) {
          float value = evened[v * side + u];
          sum += sign(u, v) * value;
          power += value * value;
        }
      }
    }
    return power == 0 ? 0 : sum / Math.sqrt(power);
  }

  private static boolean isMarked(int u, int v, int band) {
    int square = u * u + v * v;
    return square >= LOWEST * LOWEST && square < band * band;
  }

  private static boolean isInRing(int u, int v, int inner) {
    int square = u * u + v * v;
    return square >= inner * inner && square < (inner + RING) * (inner + RING);
  }

  /// 1 or -1, by the finalizer of [SplitMix64](https://doi.org/10.1145/2714064.2660195).
  private int sign(int u, int v) {
    long z = key + 0x9E3779B97F4A7C15L * (((long) v << 32) + u + 1);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return (z ^ (z >>> 31)) < 0 ? -1 : 1;
  }
}
