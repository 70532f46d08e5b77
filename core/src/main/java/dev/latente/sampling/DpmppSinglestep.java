package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// DPM-Solver++ in its singlestep forms 2S and 3S: [Lu et al.
/// (2022)](https://arxiv.org/abs/2211.01095), algorithm 1, with the levels of the run as the points
/// between: a group of `order` calls makes one long step, each call going further from the same
/// beginning.
///
/// @param order calls in a group, 1 to 3
/// @param rule how higher orders weight slopes: with `MIDPOINT` curvature is not used
/// @param lowerOrderAtEnd whether the last step is of first order even if a group would end there;
///   one that ends at 0 always is
public record DpmppSinglestep(int order, SecondOrder rule, boolean lowerOrderAtEnd)
    implements Sampler {
  public DpmppSinglestep {
    if (order < 1 || order > 3) {
      throw new IllegalArgumentException("the order must be 1, 2 or 3: " + order);
    }
  }

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    int before = sigmas.earlier();
    List<Tensor> estimates = new ArrayList<>(); // of this group, in order
    Tensor start = x;
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor denoised = denoiser.denoise(x, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      if (place(before + i, sigmas) == 1 || estimates.isEmpty()) {
        estimates.clear();
        start = x;
      }
      estimates.add(denoised);
      x = step(start, estimates, sigmas, i);
    }
    return x;
  }

  /// The place in its group of call `i` of the whole run, from 1: the order of the step after it.
  private int place(int i, Sigmas sigmas) {
    int steps = sigmas.wholeRun();
    boolean toZero = sigmas.sigma(sigmas.steps()) == 0;
    boolean breaks = toZero || (lowerOrderAtEnd && steps % order == 0);
    return breaks && i == steps - 1 ? 1 : i % order + 1;
  }

  /// From the beginning of the group to the level after call `i`.
  private Tensor step(Tensor start, List<Tensor> estimates, Sigmas sigmas, int i) {
    int calls = estimates.size();
    int begin = i - calls + 1;
    double sigma = sigmas.sigma(begin);
    double next = sigmas.sigma(i + 1);
    Tensor first = estimates.getFirst();
    if (calls == 1) {
      return Sampler.move(start, first, sigma, next);
    }
    double h = Math.log(sigma / next);
    double far = Math.log(sigma / sigmas.sigma(i)) / h; // where the last call was, 0 to 1
    return Scope.tidy(() -> {
      Tensor base = Sampler.move(start, first, sigma, next);
      Tensor toFar = estimates.getLast().minus(first).times(1 / far);
      if (calls == 2) {
        return base.plus(toFar.times(rule.slope(h)));
      }
      return switch (rule) {
        case MIDPOINT -> base.plus(toFar.times(Phi.two(h)));
        case HEUN -> {
          double near = Math.log(sigma / sigmas.sigma(i - 1)) / h;
          Tensor toNear = estimates.get(1).minus(first).times(1 / near);
          Tensor slope = toNear.times(far).minus(toFar.times(near)).times(1 / (far - near));
          Tensor curvature = toFar.minus(toNear).times(2 / (far - near));
          yield base.plus(slope.times(Phi.two(h))).minus(curvature.times(Phi.three(h)));
        }
      };
    });
  }
}
