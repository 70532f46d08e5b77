package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// DPM-Solver++(2M): [Lu et al. (2022)](https://arxiv.org/abs/2211.01095), algorithm 2.
///
/// Second order, one call a step: the last two estimates are extrapolated in `λ = -ln σ`. The first
/// step is of first order, and so is one that ends at 0.
///
/// @param rule how the slope of the estimates is weighted
/// @param last whether the last step is of second order if it ends above 0
public record Dpmpp2m(Rule rule, LastStep last) implements Sampler {

  /// How a second-order step weights the slope of the estimates.
  public enum Rule {
    /// As at the middle of the step: algorithm 2.
    MIDPOINT,
    /// As integrated exactly over the step: appendix B.
    HEUN
  }

  /// The order of a last step that does not end at 0.
  public enum LastStep {
    /// Second, as all before.
    SECOND_ORDER,
    /// First, as diffusers does in runs of fewer than 15 steps.
    FIRST_ORDER_IN_SHORT_RUNS,
    /// First.
    FIRST_ORDER
  }

  /// Runs with fewer steps are short; diffusers' number.
  private static final int SHORT = 15;

  /// The usual form: midpoint rule.
  public Dpmpp2m() {
    this(Rule.MIDPOINT, LastStep.SECOND_ORDER);
  }

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    @Nullable Tensor previous = null;
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor denoised = denoiser.denoise(x, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      double sigma = sigmas.sigma(i);
      double next = sigmas.sigma(i + 1);
      Tensor target = denoised;
      if (previous != null && !firstOrder(sigmas, i)) {
        double h = Math.log(sigma / next);
        double before = Math.log(sigmas.sigma(i - 1) / sigma);
        target = extrapolate(denoised, previous, weight(h) * h / before);
      }
      x = Sampler.move(x, target, sigma, next);
      previous = denoised;
    }
    return x;
  }

  private static Tensor extrapolate(Tensor denoised, Tensor previous, double weight) {
    return Scope.tidy(() -> denoised.plus(denoised.minus(previous).times(weight)));
  }

  /// The share of the slope over a step of length `h` that counts: 1/2 plus a term in `h`.
  private double weight(double h) {
    return switch (rule) {
      case MIDPOINT -> 0.5;
      case HEUN -> -1 / Math.expm1(-h) - 1 / h;
    };
  }

  private boolean firstOrder(Sigmas sigmas, int i) {
    double next = sigmas.sigma(i + 1);
    if (next == 0 || next == sigmas.sigma(i)) {
      return true;
    }
    return i == sigmas.steps() - 1
        && switch (last) {
          case SECOND_ORDER -> false;
          case FIRST_ORDER_IN_SHORT_RUNS -> sigmas.wholeRun() < SHORT;
          case FIRST_ORDER -> true;
        };
  }
}
