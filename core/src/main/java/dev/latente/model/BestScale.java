package dev.latente.model;

import java.util.Arrays;
import java.util.Optional;

/// The searches by which ggml finds the scale of a few numbers, so that they lose least when they
/// become small whole numbers. All in single precision, as there, since the last bit decides which
/// of two scales is taken.
final class BestScale {
  /// Numbers below it are taken for zero.
  static final float SMALLEST = 1e-15f;

  private static final int PART = 16;
  private static final int THREE = 4;
  private static final int SIX = 32;

  /// What is to be small.
  enum Error {
    ABSOLUTE,
    SQUARED
  }

  /// `x = scale q - offset`, and the numbers `q`, counted from 0.
  record Line(float scale, float offset, int[] q) {}

  private BestScale() {}

  /// The nearest whole number; the even one of two.
  static int round(float number) {
    return (int) Math.rint(number);
  }

  /// The best line through as many numbers as there are weights, with `q` from 0 to `most` and an
  /// offset of 0 or more: ggml's `make_qkx2_quants`. Scales that differ by tenths of a step are
  /// tried, and each is improved by weighted least squares.
  ///
  /// @param first where the trial begins, in steps from `most`
  /// @param trials how many further ones there are, a tenth of a step apart
  static Line line(
      float[] in, int from, float[] weights, int most, float first, int trials, Error error) {
    float least = in[from];
    float greatest = in[from];
    float sumW = 0;
    float sumX = 0;
    for (int i = 0; i < weights.length; i++) {
      float x = in[from + i];
      least = Math.min(least, x);
      greatest = Math.max(greatest, x);
      sumW += weights[i];
      sumX += weights[i] * x;
    }
    least = Math.min(least, 0);
    if (greatest == least) {
      return new Line(0, -least, new int[weights.length]);
    }
    float range = greatest - least;
    int[] best = quantised(in, from, weights.length, most / range, least, most);
    float scale = 1 / (most / range);
    float offset = least; // each trial begins where the best one so far ended
    float bestLoss = loss(in, from, weights, best, scale, offset, error);
    for (int trial = 0; trial <= trials; trial++) {
      float inverse = (first + 0.1f * trial + most) / (greatest - offset);
      int[] q = quantised(in, from, weights.length, inverse, offset, most);
      Optional<Line> fit = leastSquares(in, from, weights, q, sumW, sumX);
      if (fit.isPresent()) {
        Line line = fit.get();
        float loss = loss(in, from, weights, q, line.scale(), -line.offset(), error);
        if (loss < bestLoss) {
          bestLoss = loss;
          best = q;
          scale = line.scale();
          offset = -line.offset();
        }
      }
    }
    return new Line(scale, -offset, best);
  }

  /// The line that is nearest to the numbers, given `q`; none if all of `q` are equal.
  private static Optional<Line> leastSquares(
      float[] in, int from, float[] weights, int[] q, float sumW, float sumX) {
    float sumL = 0;
    float sumL2 = 0;
    float sumXl = 0;
    for (int i = 0; i < q.length; i++) {
      sumL += weights[i] * q[i];
      sumL2 += weights[i] * q[i] * q[i];
      sumXl += weights[i] * q[i] * in[from + i];
    }
    float determinant = sumW * sumL2 - sumL * sumL;
    if (!(determinant > 0)) {
      return Optional.empty();
    }
    float offset = (sumL2 * sumX - sumL * sumXl) / determinant;
    return Optional.of(
        offset > 0
            ? new Line(sumXl / sumL2, 0, q)
            : new Line((sumW * sumXl - sumX * sumL) / determinant, -offset, q));
  }

  private static int[] quantised(
      float[] in, int from, int count, float inverse, float least, int most) {
    int[] q = new int[count];
    for (int i = 0; i < count; i++) {
      q[i] = Math.clamp(round(inverse * (in[from + i] - least)), 0, most);
    }
    return q;
  }

  private static float loss(
      float[] in, int from, float[] weights, int[] q, float scale, float offset, Error error) {
    float loss = 0;
    for (int i = 0; i < q.length; i++) {
      float difference = scale * q[i] + offset - in[from + i];
      loss +=
          weights[i]
              * switch (error) {
                case ABSOLUTE -> Math.abs(difference);
                case SQUARED -> difference * difference;
              };
    }
    return loss;
  }

  /// The scale of 16 numbers that become -4 to 3: ggml's `make_q3_quants`. Each whole number is
  /// moved in turn while that makes the fit better.
  static Line three(float[] in, int from) {
    float extreme = extreme(in, from);
    if (Math.abs(extreme) < SMALLEST) {
      return new Line(0, 0, new int[PART]);
    }
    float inverse = -THREE / extreme;
    int[] q = new int[PART];
    float sumXl = 0;
    float sumL2 = 0;
    for (int i = 0; i < PART; i++) {
      float x = in[from + i];
      q[i] = Math.clamp(round(inverse * x), -THREE, THREE - 1);
      sumXl += x * x * x * q[i];
      sumL2 += x * x * q[i] * q[i];
    }
    boolean changed = true;
    for (int turn = 0; turn < 5 && changed; turn++) {
      changed = false;
      for (int i = 0; i < PART; i++) {
        float x = in[from + i];
        float w = x * x;
        float restXl = sumXl - w * x * q[i];
        if (restXl > 0) {
          float restL2 = sumL2 - w * q[i] * q[i];
          int other = Math.clamp(round(x * restL2 / restXl), -THREE, THREE - 1);
          restXl += w * x * other;
          restL2 += w * other * other;
          if (other != q[i] && restL2 > 0 && restXl * restXl * sumL2 > sumXl * sumXl * restL2) {
            q[i] = other;
            sumXl = restXl;
            sumL2 = restL2;
            changed = true;
          }
        }
      }
    }
    return new Line(sumL2 > 0 ? sumXl / sumL2 : 0, 0, countedFromZero(q, THREE));
  }

  private static int[] countedFromZero(int[] q, int zero) {
    return Arrays.stream(q).map(each -> each + zero).toArray();
  }

  /// The scale of 16 numbers that become -32 to 31: ggml's `make_qx_quants`. Scales that differ by
  /// tenths of a step are tried, each improved by least squares weighted with `x²`.
  static Line six(float[] in, int from) {
    float extreme = extreme(in, from);
    if (Math.abs(extreme) < SMALLEST) {
      return new Line(0, 0, new int[PART]);
    }
    float scale = 0;
    float best = 0;
    int[] bestQ = new int[PART];
    // the plain scale first, which the others must beat
    for (int trial : new int[] {0, -9, -8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9}) {
      float inverse = -(SIX + 0.1f * trial) / extreme;
      int[] q = new int[PART];
      float sumXl = 0;
      float sumL2 = 0;
      for (int i = 0; i < PART; i++) {
        float x = in[from + i];
        q[i] = Math.clamp(round(inverse * x), -SIX, SIX - 1);
        sumXl += x * x * x * q[i];
        sumL2 += x * x * q[i] * q[i];
      }
      if (sumL2 > 0 && (trial == 0 || sumXl * sumXl > best * sumL2)) {
        bestQ = q;
        scale = sumXl / sumL2;
        best = scale * sumXl;
      }
    }
    return new Line(scale, 0, countedFromZero(bestQ, SIX));
  }

  private static float extreme(float[] in, int from) {
    float extreme = 0;
    for (int i = 0; i < PART; i++) {
      float x = in[from + i];
      extreme = Math.abs(x) > Math.abs(extreme) ? x : extreme;
    }
    return extreme;
  }
}
