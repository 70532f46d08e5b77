package dev.latente.image;

/// How a picture is resized. All but `NEAREST` look at more pixels when they shrink.
///
/// The kernels are those of
/// [Pillow](https://pillow.readthedocs.io/en/stable/handbook/concepts.html#filters).
public enum Resampling {
  /// The pixel under each new one's middle.
  NEAREST(0),
  /// The mean of the pixels below.
  BOX(0.5),
  /// A triangle, one pixel to each side.
  BILINEAR(1),
  /// Keys' cubic with a = -0.5, two pixels to each side.
  BICUBIC(2),
  /// A windowed sinc, three pixels to each side; the sharpest.
  LANCZOS(3);

  private final double support;

  Resampling(double support) {
    this.support = support;
  }

  /// How far the kernel reaches, in pixels.
  double support() {
    return support;
  }

  /// The weight of a pixel `distance` pixels away, before the weights are made to sum to 1.
  double weight(double distance) {
    return switch (this) {
      case NEAREST -> 0;
      case BOX -> distance > -0.5 && distance <= 0.5 ? 1 : 0;
      case BILINEAR -> Math.max(0, 1 - Math.abs(distance));
      case BICUBIC -> cubic(Math.abs(distance));
      case LANCZOS -> distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0;
    };
  }

  private static double cubic(double x) {
    double a = -0.5;
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : StrictMath.sin(x * Math.PI) / (x * Math.PI);
  }
}
