package dev.latente.pipeline;

import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import java.util.List;

/// Gives weighted chunks their old means back, as A1111 does.
///
/// It weights the first chunks of all texts of a schedule together, then the second chunks, and so
/// on, and multiplies all states of such a batch by one factor: the batch's mean before through
/// that after.
final class Renormalization {
  private Renormalization() {}

  /// The factor of each chunk, `[chunks, 1, 1]`.
  ///
  /// @param before each text's states, `[chunks, L, D]`
  /// @param after the same, weighted
  /// @param times how often each text is in the batch
  static Tensor factors(List<Tensor> before, List<Tensor> after, List<Integer> times) {
    double[] old = sums(before, times);
    double[] now = sums(after, times);
    float[] factors = new float[old.length];
    for (int i = 0; i < factors.length; i++) {
      float factor = (float) (old[i] / now[i]);
      factors[i] = Float.isFinite(factor) ? factor : 1; // nothing to go back to
    }
    return Tensor.of(factors, factors.length, 1, 1);
  }

  private static double[] sums(List<Tensor> texts, List<Integer> times) {
    double[] sums = new double[(int) texts.getFirst().size(0)];
    for (int t = 0; t < texts.size(); t++) {
      Tensor states = texts.get(t).to(Precision.F32);
      float[] means = states.reshape(states.size(0), -1).mean(1).toFloatArray();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += (double) times.get(t) * means[i];
      }
    }
    return sums;
  }
}
