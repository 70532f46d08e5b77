package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// UniPC, a predictor-corrector in clean estimates: [Zhao et al.
/// (2023)](https://arxiv.org/abs/2302.04867), algorithms 5 to 8. One call a step: the estimate that
/// the next step needs also corrects the last one.
///
/// @param order of the predictor, 1 to 3; the corrector has one more
/// @param function what the corrections are scaled by
/// @param lastStep what happens at the end; steps that end at 0 are of first order
public record UniPc(int order, Function function, LastStep lastStep) implements Sampler {

  /// `B(h)` of the paper, section 3.1, up to its sign.
  public enum Function {
    /// `B₁(h) = h`.
    BH1,
    /// `B₂(h) = exp(h) - 1`.
    BH2
  }

  public UniPc {
    if (order < 1 || order > 3) {
      throw new IllegalArgumentException("the order must be 1, 2 or 3: " + order);
    }
  }

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    List<Tensor> estimates = new ArrayList<>(); // the last first
    Tensor start = x; // where the last step began
    int lastOrder = 0;
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor denoised = denoiser.denoise(x, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      if (i > 0) {
        x = new Step(sigmas, i - 1, lastOrder).correct(start, estimates, denoised);
      }
      start = x;
      estimates.addFirst(denoised);
      if (estimates.size() > order) {
        estimates.removeLast();
      }
      lastOrder = lastStep.order(order, sigmas, i, estimates.size());
      x = new Step(sigmas, i, lastOrder).predict(start, estimates);
    }
    return x;
  }

  /// Step `i` with the `order` latest estimates.
  private final class Step {
    private final Sigmas sigmas;
    private final int i;
    private final int order;
    private final double h; // -(λ_next - λ)

    Step(Sigmas sigmas, int i, int order) {
      this.sigmas = sigmas;
      this.i = i;
      this.order = order;
      this.h = Math.log(sigmas.sigma(i + 1) / sigmas.sigma(i));
    }

    /// Algorithm 8, UniP.
    Tensor predict(Tensor x, List<Tensor> estimates) {
      double[] weights =
          switch (order) {
            case 1 -> new double[0];
            case 2 -> new double[] {0.5}; // the same for every h: section 3.3
            default -> solve(order - 1, false);
          };
      return Scope.tidy(() -> add(x, estimates, weights, estimates.getFirst().times(0)));
    }

    /// Algorithm 7, UniC: `there` is the estimate at the end of the step.
    Tensor correct(Tensor x, List<Tensor> estimates, Tensor there) {
      double[] weights = order == 1 ? new double[] {0.5} : solve(order, true);
      return Scope.tidy(() -> {
        Tensor change = there.minus(estimates.getFirst()).times(weights[order - 1]);
        return add(x, estimates, weights, change);
      });
    }

    private Tensor add(Tensor x, List<Tensor> estimates, double[] weights, Tensor change) {
      Tensor last = estimates.getFirst();
      Tensor sum = change;
      for (int k = 1; k < order; k++) {
        Tensor slope = estimates.get(k).minus(last).times(1 / place(k));
        sum = sum.plus(slope.times(weights[k - 1]));
      }
      Tensor moved = Sampler.move(x, last, sigmas.sigma(i), sigmas.sigma(i + 1));
      return order == 1 && sigmas.sigma(i + 1) == 0 ? moved : moved.minus(sum.times(scale()));
    }

    /// Where the estimate `k` steps back is, in units of this step: negative.
    private double place(int k) {
      return Math.log(sigmas.sigma(i) / sigmas.sigma(i - k)) / -h;
    }

    private double scale() {
      return switch (function) {
        case BH1 -> h;
        case BH2 -> Math.expm1(h);
      };
    }

    /// Equation 5: weights that make polynomials up to degree `size` exact.
    private double[] solve(int size, boolean withEnd) {
      double[][] rows = new double[size][size];
      double[] right = new double[size];
      double phi = Math.expm1(h) / h - 1;
      double factorial = 1;
      for (int row = 0; row < size; row++) {
        for (int k = 0; k < size; k++) {
          boolean end = withEnd && k == size - 1;
          rows[row][k] = Math.pow(end ? 1 : place(k + 1), row);
        }
        right[row] = phi * factorial / scale();
        factorial *= row + 2;
        phi = phi / h - 1 / factorial;
      }
      return LinearSystem.solve(rows, right);
    }
  }
}
