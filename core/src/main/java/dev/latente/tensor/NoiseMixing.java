package dev.latente.tensor;

/// Mixes of two noises.
final class NoiseMixing {
  /// Columns as parallel as this on average are mixed along a straight line.
  private static final double PARALLEL = 0.9995;

  private NoiseMixing() {}

  /// Noise on the great circle from `from` to `to` (Shoemake 1985, "Animating rotation with
  /// quaternion curves"), `[1, C, H, W]`.
  ///
  /// The circle is that of each column, since A1111 takes the norm along the second axis of `[C, H,
  /// W]`; and where the noises are nearly one, its straight line runs the other way. Both are kept,
  /// for equal pictures.
  ///
  /// @param share of `to`, from 0 to 1
  static Tensor between(Tensor from, Tensor to, double share) {
    long[] shape = from.shape();
    int width = (int) shape[3];
    int height = (int) shape[2];
    float[] a = from.toFloatArray();
    float[] b = to.toFloatArray();
    double[] cosines = new double[(int) shape[1] * width];
    double sum = 0;
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = cosine(a, b, first(i, width, height), width, height);
      sum += cosines[i];
    }
    boolean straight = sum / cosines.length > PARALLEL;
    float[] mixed = new float[a.length];
    for (int i = 0; i < cosines.length; i++) {
      double omega = Math.acos(Math.clamp(cosines[i], -1, 1));
      double sine = Math.sin(omega);
      double ofA = straight || sine == 0 ? share : Math.sin((1 - share) * omega) / sine;
      double ofB = straight || sine == 0 ? 1 - share : Math.sin(share * omega) / sine;
      int at = first(i, width, height);
      for (int y = 0; y < height; y++, at += width) {
        mixed[at] = (float) (ofA * a[at] + ofB * b[at]);
      }
    }
    return Tensor.of(mixed, shape);
  }

  /// Where column `index` of all channels begins.
  private static int first(int index, int width, int height) {
    return index / width * width * height + index % width;
  }

  private static double cosine(float[] a, float[] b, int from, int stride, int count) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0, at = from; i < count; i++, at += stride) {
      ab += (double) a[at] * b[at];
      aa += (double) a[at] * a[at];
      bb += (double) b[at] * b[at];
    }
    return ab / Math.sqrt(aa * bb);
  }

  /// `ground` with `motif` in its middle, cut where it is larger.
  static Tensor centred(Tensor ground, Tensor motif) {
    long[] shape = ground.shape();
    Overlap rows = Overlap.of((int) shape[2], (int) motif.size(2));
    Overlap columns = Overlap.of((int) shape[3], (int) motif.size(3));
    int width = (int) shape[3];
    int motifWidth = (int) motif.size(3);
    float[] values = ground.toFloatArray();
    float[] inner = motif.toFloatArray();
    for (int c = 0; c < shape[1]; c++) {
      for (int y = 0; y < rows.length(); y++) {
        int source = (c * (int) motif.size(2) + rows.inner() + y) * motifWidth + columns.inner();
        int target = (c * (int) shape[2] + rows.outer() + y) * width + columns.outer();
        System.arraycopy(inner, source, values, target, columns.length());
      }
    }
    return Tensor.of(values, shape);
  }

  /// Where one length lies in the middle of another.
  private record Overlap(int outer, int inner, int length) {
    static Overlap of(int outer, int inner) {
      int margin = Math.floorDiv(outer - inner, 2);
      return margin >= 0
          ? new Overlap(margin, 0, inner)
          : new Overlap(0, -margin, inner + 2 * margin);
    }
  }
}
