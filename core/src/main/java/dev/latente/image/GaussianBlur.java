package dev.latente.image;

/// Pillow's Gaussian blur: three box blurs in each direction, whose boxes are extended by a part of
/// a pixel so that the variance is right, [Gwosdek et al.
/// (2011)](https://doi.org/10.1007/978-3-642-24785-9_38). Equal to Pillow's to the bit.
///
/// @param channels interleaved, of 8 bits
record GaussianBlur(int channels, int width, int height) {
  private static final int PASSES = 3;

  /// Bits behind the point of the weights.
  private static final int POINT = 24;

  private static final long HALF = 1L << 23;

  /// A box `2 * whole + 1` pixels wide, and a part of one more at each end.
  ///
  /// @param inner the weight of a pixel in the box, of `2^24`
  /// @param outer the weight of the pixel at each end
  private record Box(int whole, long inner, long outer) {
    /// The box whose blur, taken [#PASSES] times, has the deviation `sigma`.
    static Box of(double sigma) {
      float variance = (float) sigma * (float) sigma / PASSES;
      float length = (float) Math.sqrt(12.0 * variance + 1.0);
      float whole = (float) Math.floor((length - 1.0) / 2.0);
      float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
      part /= 6 * (variance - (whole + 1) * (whole + 1));
      float radius = whole + part;
      long inner = (long) ((1 << POINT) / (radius * 2 + 1));
      int pixels = (int) radius;
      long outer = ((1L << POINT) - (pixels * 2 + 1) * inner) / 2;
      return new Box(pixels, inner, outer);
    }
  }

  /// `pixels` blurred; the outermost pixels go on beyond the border.
  ///
  /// @param sigma the deviation in pixels, 0 or more
  byte[] apply(byte[] pixels, double sigma) {
    if (sigma == 0) {
      return pixels.clone();
    }
    Box box = Box.of(sigma);
    byte[] blurred = pixels.clone();
    for (int pass = 0; pass < PASSES; pass++) {
      for (int y = 0; y < height; y++) {
        for (int c = 0; c < channels; c++) {
          line(blurred, y * width * channels + c, channels, width, box);
        }
      }
    }
    for (int pass = 0; pass < PASSES; pass++) {
      for (int x = 0; x < width * channels; x++) {
        line(blurred, x, width * channels, height, box);
      }
    }
    return blurred;
  }

  /// Blurs one row or column in its place.
  private static void line(byte[] pixels, int from, int stride, int length, Box box) {
    int[] old = new int[length];
    for (int i = 0; i < length; i++) {
      old[i] = pixels[from + i * stride] & 0xff;
    }
    long sum = 0;
    for (int i = -box.whole(); i <= box.whole(); i++) {
      sum += at(old, i);
    }
    for (int i = 0; i < length; i++) {
      long ends = at(old, i - box.whole() - 1) + at(old, i + box.whole() + 1);
      long mean = (sum * box.inner() + ends * box.outer() + HALF) >> POINT;
      pixels[from + i * stride] = (byte) mean;
      sum += at(old, i + box.whole() + 1) - at(old, i - box.whole());
    }
  }

  private static long at(int[] line, int i) {
    return line[Math.clamp(i, 0, line.length - 1)];
  }
}
