package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// DPM-Solver++ in its multistep forms 2M and 3M: [Lu et al.
/// (2022)](https://arxiv.org/abs/2211.01095), algorithm 2 and appendix B, and its stochastic form,
/// section 4.
///
/// The last clean estimates are extrapolated in `λ = -ln σ`. One call a step. The stochastic form
/// removes noise faster than the path does and puts fresh noise in its place; 3M SDE is that of
/// k-diffusion's `sample_dpmpp_3m_sde` (diffusers' third-order stochastic step differs by a sign).
/// Order 3 counts the curvature half, as the authors' own code and all others do: its error is a
/// fraction of order 2's, but falls like it.
///
/// @param order 1 to 3
/// @param eta how much of the noise is renewed: 0 none, 1 as much as a reverse-time diffusion does
/// @param secondOrder how second-order steps, those at the beginning too, weight the slope
/// @param lastStep what happens at the end
public record DpmppMultistep(int order, double eta, SecondOrder secondOrder, LastStep lastStep)
    implements Sampler {
  public DpmppMultistep {
    if (order < 1 || order > 3) {
      throw new IllegalArgumentException("the order must be 1, 2 or 3: " + order);
    }
    if (!(eta >= 0)) {
      throw new IllegalArgumentException("eta must be at least 0: " + eta);
    }
  }

  /// DPM++ 2M as usual.
  public static DpmppMultistep dpmpp2m() {
    return new DpmppMultistep(2, 0, SecondOrder.MIDPOINT, LastStep.FULL_ORDER);
  }

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    Deque<Tensor> estimates = new ArrayDeque<>(); // the last first
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor from = x;
      Tensor denoised = denoiser.denoise(from, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      estimates.addFirst(denoised);
      if (estimates.size() > order) {
        estimates.removeLast();
      }
      int step = i;
      List<Tensor> known = new ArrayList<>(estimates);
      x = Scope.tidy(() -> renew(step(from, known, sigmas, step), sigmas, step, noise));
    }
    return x;
  }

  /// The deterministic part of step `i`.
  private Tensor step(Tensor x, List<Tensor> estimates, Sigmas sigmas, int i) {
    Tensor last = estimates.getFirst();
    double next = sigmas.sigma(i + 1);
    if (next == 0) {
      return last;
    }
    double length = length(sigmas, i);
    double h = length * (1 + eta);
    Tensor first = x.times(Math.exp(-h)).plus(last.times(-Math.expm1(-h)));
    int now = lastStep.order(order, sigmas, i, estimates.size());
    if (now == 1) {
      return first;
    }
    double r0 = length(sigmas, i - 1) / length;
    Tensor slope = last.minus(estimates.get(1)).times(1 / r0);
    if (now == 2) {
      return first.plus(slope.times(secondOrder.slope(h)));
    }
    double r1 = length(sigmas, i - 2) / length;
    Tensor before = estimates.get(1).minus(estimates.get(2)).times(1 / r1);
    Tensor curvature = slope.minus(before).times(1 / (r0 + r1));
    Tensor bent = slope.plus(curvature.times(r0));
    return first.plus(bent.times(Phi.two(h))).minus(curvature.times(Phi.three(h)));
  }

  private Tensor renew(Tensor x, Sigmas sigmas, int i, StepNoise noise) {
    double next = sigmas.sigma(i + 1);
    if (eta == 0 || next == 0) {
      return x;
    }
    double deviation = next * Math.sqrt(-Math.expm1(-2 * eta * length(sigmas, i)));
    return x.plus(noise.like(x).times(deviation));
  }

  /// How far step `i` goes in λ.
  private static double length(Sigmas sigmas, int i) {
    return Math.log(sigmas.sigma(i) / sigmas.sigma(i + 1));
  }
}
