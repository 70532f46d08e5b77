package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Adams-Bashforth's method on uneven levels: the last noise estimates are extrapolated by a
/// polynomial and integrated over the step. One call a step.
///
/// With the polynomial in σ it is k-diffusion's `sample_lms`; with the polynomial in `ln σ`, DEIS:
/// [Zhang and Chen (2023)](https://arxiv.org/abs/2204.13902), equation 15, where it is called
/// ρAB-DEIS on a logarithmic scale.
///
/// A run that begins in the middle of its levels, as from a picture, begins with order 1 as any
/// other, which k-diffusion does too. diffusers (`LMSDiscreteScheduler.step`) takes the order from
/// the level's number instead: weights for four estimates, of which it drops those it has none for.
/// What is left does not sum to the step's length, so that not even a constant estimate is
/// integrated right: on even levels the first steps go 55/24, -4/24 and 33/24 of their length.
///
/// @param order how many estimates are used, 1 to 4
/// @param scale what the polynomial is in
/// @param lastStep what happens at the end
public record LinearMultistep(int order, Scale scale, LastStep lastStep) implements Sampler {

  /// What the noise is taken to be a polynomial in.
  public enum Scale {
    /// σ.
    SIGMA,
    /// `ln σ`.
    LOG_SIGMA
  }

  public LinearMultistep {
    if (order < 1 || order > 4) {
      throw new IllegalArgumentException("the order must be from 1 to 4: " + order);
    }
  }

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    List<Tensor> slopes = new ArrayList<>(); // the last first
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor from = x;
      Tensor denoised = denoiser.denoise(from, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      slopes.addFirst(Sampler.noiseIn(from, denoised, sigmas.sigma(i)));
      if (slopes.size() > order) {
        slopes.removeLast();
      }
      double[] weights = weights(sigmas, i, slopes.size());
      x =
          Scope.tidy(() -> {
            Tensor sum = from;
            for (int j = 0; j < weights.length; j++) {
              sum = sum.plus(slopes.get(j).times(weights[j]));
            }
            return sum;
          });
    }
    return x;
  }

  /// How much each slope counts in step `i`, the last first.
  private double[] weights(Sigmas sigmas, int i, int known) {
    double from = sigmas.sigma(i);
    double to = sigmas.sigma(i + 1);
    return switch (scale) {
      case SIGMA -> {
        int now = Math.min(known, lastStep.order(order, sigmas, i));
        double[] nodes = new double[now];
        Arrays.setAll(nodes, j -> sigmas.sigma(i - j));
        yield weights(nodes, (j, sigma) -> Quadrature.lagrange(nodes, j, sigma), from, to);
      }
      case LOG_SIGMA -> {
        int now = lastStep.order(order, sigmas, i, known);
        if (now == 1) {
          yield new double[] {to - from};
        }
        double[] nodes = new double[now];
        Arrays.setAll(nodes, j -> Math.log(sigmas.sigma(i - j)));
        yield weights(
            nodes,
            (j, log) -> Quadrature.lagrange(nodes, j, log) * Math.exp(log), // dσ = σ d(ln σ)
            Math.log(from),
            Math.log(to));
      }
    };
  }

  private interface Basis {
    double value(int j, double at);
  }

  private static double[] weights(double[] nodes, Basis basis, double from, double to) {
    double[] weights = new double[nodes.length];
    Arrays.setAll(weights, j -> Quadrature.integral(at -> basis.value(j, at), from, to));
    return weights;
  }
}
