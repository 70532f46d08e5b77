package dev.latente.image;

import java.util.function.DoubleUnaryOperator;

/// How a picture is resized. All but `NEAREST` look at more pixels when they shrink.
///
/// The kernels are those of
/// [Pillow](https://pillow.readthedocs.io/en/stable/handbook/concepts.html#filters).
public enum Resampling {
  /// The pixel under each new one's middle.
  NEAREST(0, x -> 0),
  /// The mean of the pixels below.
  BOX(0.5, x -> x > -0.5 && x <= 0.5 ? 1 : 0),
  /// A triangle, one pixel to each side.
  BILINEAR(1, x -> Math.max(0, 1 - Math.abs(x))),
  /// Keys' cubic with a = -0.5, two pixels to each side.
  BICUBIC(2, Resampling::cubic),
  /// A windowed sinc, three pixels to each side; the sharpest.
  LANCZOS(3, x -> x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0);

  private final double support;
  private final DoubleUnaryOperator kernel;

  Resampling(double support, DoubleUnaryOperator kernel) {
    this.support = support;
    this.kernel = kernel;
  }

  /// How far the kernel reaches, in pixels.
  double support() {
    return support;
  }

  /// The weight of a pixel `distance` pixels away, before the weights are made to sum to 1.
  double weight(double distance) {
    return kernel.applyAsDouble(distance);
  }

  private static double cubic(double distance) {
    double a = -0.5;
    double x = Math.abs(distance);
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : StrictMath.sin(x * Math.PI) / (x * Math.PI);
  }
}
