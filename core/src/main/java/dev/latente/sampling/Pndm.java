package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pseudo numerical methods for diffusion models: [Liu et al.
/// (2022)](https://arxiv.org/abs/2202.09778), equations 9 to 13. Fourth order.
///
/// A step along a fixed noise estimate is DDIM's; the estimate is a combination of the network's
/// last four answers, as in Adams-Bashforth's method. Before there are four, either three steps of
/// Runge-Kutta's kind are taken (four calls each), or one of Heun's and two of lower order: PLMS as
/// latent diffusion has it, which asks once more than there are steps.
///
/// @param prediction what the network estimates: its raw answers are combined, as in diffusers
/// @param start how it begins
public record Pndm(Prediction prediction, Start start) implements Sampler {

  /// How the first steps are taken.
  public enum Start {
    /// Three Runge-Kutta steps.
    RUNGE_KUTTA,
    /// One of Heun's steps.
    HEUN
  }

  private static final int RUNGE_KUTTA_CALLS = 12;

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    Run run = new Run(sigmas, x.times(sigmas.at(0).alpha()));
    for (int i = 0; i < sigmas.steps(); i++) {
      Tensor noisy = run.sample.times(Math.hypot(1, sigmas.sigma(i)));
      Tensor denoised = denoiser.denoise(noisy, sigmas.at(i));
      listener.onStep(i + 1, sigmas.steps(), denoised);
      Tensor output = prediction.output(noisy, denoised, sigmas.sigma(i));
      switch (start) {
        case RUNGE_KUTTA -> {
          if (i < RUNGE_KUTTA_CALLS) {
            run.rungeKutta(i, output);
          } else {
            run.multistep(i, output);
          }
        }
        case HEUN -> {
          switch (i) {
            case 0 -> run.predict(output);
            case 1 -> run.correct(output);
            default -> run.multistep(i, output);
          }
        }
      }
    }
    return run.sample.times(Math.hypot(1, sigmas.sigma(sigmas.steps())));
  }

  /// One run's state. Samples are in variance-preserving form, because that is what stays fixed
  /// where a step does not end exactly at the next level.
  private final class Run {
    private final Sigmas sigmas;
    private final List<Tensor> outputs = new ArrayList<>(); // the last first
    private Tensor sample;
    private Tensor saved; // where the current Heun or Runge-Kutta step began
    private @Nullable Tensor sum;

    Run(Sigmas sigmas, Tensor sample) {
      this.sigmas = sigmas;
      this.sample = sample;
      this.saved = sample;
    }

    /// The first half of Heun's step.
    void predict(Tensor output) {
      remember(output);
      saved = sample;
      sample = carry(saved, output, sigmas.sigma(0), sigmas.after(0));
    }

    /// The second half: the same step again, with the mean of both answers.
    void correct(Tensor output) {
      Tensor mean = output.plus(outputs.getFirst()).times(0.5);
      sample = carry(saved, mean, sigmas.before(1), sigmas.sigma(1));
    }

    /// Equation 12, or its lower orders while fewer answers are known.
    void multistep(int i, Tensor output) {
      remember(output);
      double[] weights =
          switch (outputs.size()) {
            case 1 -> new double[] {1};
            case 2 -> new double[] {3 / 2.0, -1 / 2.0};
            case 3 -> new double[] {23 / 12.0, -16 / 12.0, 5 / 12.0};
            default -> new double[] {55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0};
          };
      Tensor mixed =
          Scope.tidy(() -> {
            Tensor total = outputs.getFirst().times(weights[0]);
            for (int j = 1; j < weights.length; j++) {
              total = total.plus(outputs.get(j).times(weights[j]));
            }
            return total;
          });
      sample = carry(sample, mixed, sigmas.sigma(i), sigmas.after(i));
    }

    /// Equation 13: call `i % 4` of a Runge-Kutta step.
    void rungeKutta(int i, Tensor output) {
      int call = i % 4;
      Tensor direction = output;
      if (call == 0) {
        remember(output);
        saved = sample;
        sum = output.times(1 / 6.0);
      } else if (sum != null) {
        sum = sum.plus(output.times(call == 3 ? 1 / 6.0 : 1 / 3.0));
        direction = call == 3 ? sum : output;
      }
      sample = carry(saved, direction, sigmas.sigma(i - call), sigmas.after(i));
    }

    private void remember(Tensor output) {
      outputs.addFirst(output);
      if (outputs.size() > 4) {
        outputs.removeLast();
      }
    }

    /// Equation 9: `u` of deviation `from` brought to `to` along the noise that `output` means.
    private Tensor carry(Tensor u, Tensor output, double from, double to) {
      double root = Math.hypot(1, from);
      return Scope.tidy(() -> {
        Tensor x = u.times(root);
        Tensor clean = prediction.clean(x, output, from);
        Tensor eps = Sampler.noiseIn(x, clean, from);
        return clean.plus(eps.times(to)).times(1 / Math.hypot(1, to));
      });
    }
  }
}
