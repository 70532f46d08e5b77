package dev.latente.scenes.draw;

/// Smooth value noise in the plane, in 0..1, the same for the same seed.
final class Noise {
  private final long seed;

  Noise(long seed) {
    this.seed = seed;
  }

  /// The noise at a point; it varies over a distance of about 1.
  double at(double x, double y) {
    int ix = (int) Math.floor(x);
    int iy = (int) Math.floor(y);
    double fx = x - ix;
    double fy = y - iy;
    fx = fx * fx * (3 - 2 * fx);
    fy = fy * fy * (3 - 2 * fy);
    double top = lattice(ix, iy) + fx * (lattice(ix + 1, iy) - lattice(ix, iy));
    double low = lattice(ix, iy + 1) + fx * (lattice(ix + 1, iy + 1) - lattice(ix, iy + 1));
    return top + fy * (low - top);
  }

  /// Three octaves of noise, in 0..1.
  double rough(double x, double y) {
    return 0.57 * at(x, y) + 0.28 * at(2.1 * x + 7, 2.1 * y) + 0.15 * at(4.3 * x, 4.3 * y + 13);
  }

  private double lattice(int x, int y) {
    long h = seed + x * 0x9E3779B97F4A7C15L + y * 0xC2B2AE3D27D4EB4FL;
    h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
    h ^= h >>> 32;
    return (h & 0xffff) / 65535.0;
  }
}
