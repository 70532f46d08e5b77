package dev.latente.image;

/// How close a copy of a picture is to the original.
///
/// @param psnr peak signal-to-noise ratio in decibels: `10·log10(255² / mean squared error)` over
///   all pixels and channels; infinite for equal pictures
/// @param ssim structural similarity, at most 1, the mean of the channels: [Wang et al.
///   (2004)](https://doi.org/10.1109/TIP.2003.819861), section III.B, with its windows of 11 × 11
///   pixels and constants
public record Fidelity(double psnr, double ssim) {
  private static final int CHANNELS = 3;
  private static final int RADIUS = 5;
  private static final double DEVIATION = 1.5;
  private static final double PEAK = 255;
  private static final double C1 = 0.01 * PEAK * (0.01 * PEAK);
  private static final double C2 = 0.03 * PEAK * (0.03 * PEAK);
  private static final double[] WINDOW = window();

  /// Compares two pictures of one size, of at least 11 pixels a side.
  public static Fidelity of(Picture original, Picture copy) {
    int width = original.width();
    int height = original.height();
    if (copy.width() != width || copy.height() != height) {
      throw new IllegalArgumentException(
          "need pictures of one size: %d × %d and %d × %d"
              .formatted(width, height, copy.width(), copy.height()));
    }
    if (Math.min(width, height) < WINDOW.length) {
      throw new IllegalArgumentException(
          "pictures to compare need at least %d pixels a side: %d × %d"
              .formatted(WINDOW.length, width, height));
    }
    double similarity = 0;
    double squares = 0;
    for (int c = 0; c < CHANNELS; c++) {
      double[] x = channel(original, c);
      double[] y = channel(copy, c);
      similarity += similarity(x, y, width) / CHANNELS;
      for (int i = 0; i < x.length; i++) {
        squares += (x[i] - y[i]) * (x[i] - y[i]);
      }
    }
    double error = squares / (CHANNELS * width * height);
    return new Fidelity(10 * Math.log10(PEAK * PEAK / error), similarity);
  }

  /// Equation 13 at every place where the window fits, averaged (equation 14).
  private static double similarity(double[] x, double[] y, int width) {
    double[] meanX = blurred(x, width);
    double[] meanY = blurred(y, width);
    double[] xx = blurred(product(x, x), width);
    double[] yy = blurred(product(y, y), width);
    double[] xy = blurred(product(x, y), width);
    double sum = 0;
    for (int i = 0; i < meanX.length; i++) {
      double mx = meanX[i];
      double my = meanY[i];
      double variances = xx[i] - mx * mx + yy[i] - my * my;
      double covariance = xy[i] - mx * my;
      sum +=
          (2 * mx * my + C1)
              * (2 * covariance + C2)
              / ((mx * mx + my * my + C1) * (variances + C2));
    }
    return sum / meanX.length;
  }

  private static double[] product(double[] x, double[] y) {
    double[] product = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      product[i] = x[i] * y[i];
    }
    return product;
  }

  /// The weighted mean in the window around each pixel at least `RADIUS` from the border.
  private static double[] blurred(double[] x, int width) {
    int height = x.length / width;
    int columns = width - 2 * RADIUS;
    double[] across = new double[height * columns];
    for (int i = 0; i < across.length; i++) {
      int first = i / columns * width + i % columns;
      for (int k = 0; k < WINDOW.length; k++) {
        across[i] += WINDOW[k] * x[first + k];
      }
    }
    double[] both = new double[(height - 2 * RADIUS) * columns];
    for (int i = 0; i < both.length; i++) {
      for (int k = 0; k < WINDOW.length; k++) {
        both[i] += WINDOW[k] * across[i + k * columns];
      }
    }
    return both;
  }

  private static double[] window() {
    double[] weights = new double[2 * RADIUS + 1];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double distance = i - RADIUS;
      weights[i] = Math.exp(-distance * distance / (2 * DEVIATION * DEVIATION));
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  private static double[] channel(Picture picture, int c) {
    byte[] rgb = picture.rgb();
    double[] values = new double[rgb.length / CHANNELS];
    for (int i = 0; i < values.length; i++) {
      values[i] = rgb[CHANNELS * i + c] & 0xff;
    }
    return values;
  }
}
