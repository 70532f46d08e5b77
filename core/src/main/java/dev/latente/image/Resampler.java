package dev.latente.image;

/// Resizes as Pillow's `Resample.c`, bit for bit: first the rows, then the columns, each a weighted
/// sum in fixed point that is rounded to 8 bits.
final class Resampler {
  /// Binary digits after the point of a weight: 32 less 8 of a pixel and 2 for overshooting.
  private static final int PRECISION = 32 - 8 - 2;

  private Resampler() {}

  /// The pixels that make one new pixel: from `start` on, with these weights.
  @SuppressWarnings("ArrayRecordComponent") // seen in this file only, and never compared
  private record Window(int start, int[] weights) {}

  /// `pixels` is `[height, width, channels]`; equal sizes give it back as it is.
  static byte[] resize(
      byte[] pixels,
      int channels,
      int width,
      int height,
      int newWidth,
      int newHeight,
      Resampling resampling) {
    if (resampling == Resampling.NEAREST) {
      return nearest(pixels, channels, width, height, newWidth, newHeight);
    }
    byte[] result = pixels;
    if (newWidth != width) {
      result = resizeRows(result, channels, width, height, windows(width, newWidth, resampling));
    }
    if (newHeight != height) {
      result = resizeColumns(result, channels * newWidth, windows(height, newHeight, resampling));
    }
    return result;
  }

  private static byte[] resizeRows(
      byte[] pixels, int channels, int width, int height, Window[] windows) {
    byte[] result = new byte[windows.length * height * channels];
    int to = 0;
    for (int y = 0; y < height; y++) {
      for (Window window : windows) {
        int from = (y * width + window.start()) * channels;
        for (int c = 0; c < channels; c++) {
          result[to++] = sum(pixels, from + c, channels, window.weights());
        }
      }
    }
    return result;
  }

  private static byte[] resizeColumns(byte[] pixels, int stride, Window[] windows) {
    byte[] result = new byte[windows.length * stride];
    int to = 0;
    for (Window window : windows) {
      for (int i = 0; i < stride; i++) {
        result[to++] = sum(pixels, window.start() * stride + i, stride, window.weights());
      }
    }
    return result;
  }

  private static byte sum(byte[] pixels, int from, int stride, int[] weights) {
    int sum = 1 << (PRECISION - 1);
    int at = from;
    for (int weight : weights) {
      sum += (pixels[at] & 0xff) * weight;
      at += stride;
    }
    return (byte) Math.clamp(sum >> PRECISION, 0, 255);
  }

  private static Window[] windows(int size, int newSize, Resampling resampling) {
    double scale = (double) size / newSize;
    double stretch = Math.max(1, scale);
    double support = resampling.support() * stretch;
    Window[] windows = new Window[newSize];
    for (int i = 0; i < newSize; i++) {
      double center = (i + 0.5) * scale;
      int start = Math.max(0, (int) (center - support + 0.5));
      int end = Math.min(size, (int) (center + support + 0.5));
      double[] weights = new double[end - start];
      double sum = 0;
      for (int j = 0; j < weights.length; j++) {
        weights[j] = resampling.weight((j + start - center + 0.5) * (1 / stretch));
        sum += weights[j];
      }
      windows[i] = new Window(start, fixedPoint(weights, sum));
    }
    return windows;
  }

  private static int[] fixedPoint(double[] weights, double sum) {
    int[] fixed = new int[weights.length];
    for (int i = 0; i < fixed.length; i++) {
      double weight = (sum == 0 ? weights[i] : weights[i] / sum) * (1 << PRECISION);
      fixed[i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    return fixed;
  }

  private static byte[] nearest(
      byte[] pixels, int channels, int width, int height, int newWidth, int newHeight) {
    byte[] result = new byte[newWidth * newHeight * channels];
    for (int y = 0; y < newHeight; y++) {
      int row = Math.min(height - 1, (int) ((y + 0.5) * height / newHeight));
      for (int x = 0; x < newWidth; x++) {
        int column = Math.min(width - 1, (int) ((x + 0.5) * width / newWidth));
        System.arraycopy(
            pixels,
            (row * width + column) * channels,
            result,
            (y * newWidth + x) * channels,
            channels);
      }
    }
    return result;
  }
}
