package dev.latente.sampling;

import java.util.Locale;

/// How the variance `β_t` added at each training level grows.
public enum BetaSchedule {
  /// Linearly: [Ho et al. (2020)](https://arxiv.org/abs/2006.11239), section 4.
  LINEAR {
    @Override
    float[] betas(double start, double end, int steps) {
      return line(start, end, steps);
    }
  },
  /// Linearly in its square root: latent diffusion, [Rombach et al.
  /// (2022)](https://arxiv.org/abs/2112.10752).
  SCALED_LINEAR {
    @Override
    float[] betas(double start, double end, int steps) {
      float[] betas = line(Math.sqrt(start), Math.sqrt(end), steps);
      for (int t = 0; t < steps; t++) {
        betas[t] *= betas[t];
      }
      return betas;
    }
  },
  /// So that `ᾱ` follows a squared cosine: [Nichol and Dhariwal
  /// (2021)](https://arxiv.org/abs/2102.09672), equation 17. Start and end do not matter.
  SQUAREDCOS_CAP_V2 {
    @Override
    float[] betas(double start, double end, int steps) {
      float[] betas = new float[steps];
      for (int t = 0; t < steps; t++) {
        double ratio = cosine((t + 1.0) / steps) / cosine((double) t / steps);
        betas[t] = (float) Math.min(1 - ratio, MAX_BETA);
      }
      return betas;
    }
  };

  private static final double MAX_BETA = 0.999; // ibid., section 3.2
  private static final double OFFSET = 0.008; // ibid.

  /// `β_0` to `β_(steps - 1)`, each 0 to 1, in single precision as models were trained.
  abstract float[] betas(double start, double end, int steps);

  /// The name in a scheduler's config, such as `scaled_linear`.
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static double cosine(double time) {
    double c = Math.cos((time + OFFSET) / (1 + OFFSET) * Math.PI / 2);
    return c * c;
  }

  /// `steps` numbers from `start` to `end`, as `torch.linspace` gives them: from both ends.
  private static float[] line(double start, double end, int steps) {
    float[] values = new float[steps];
    float from = (float) start;
    float to = (float) end;
    float step = steps == 1 ? 0 : (to - from) / (steps - 1);
    for (int t = 0; t < steps; t++) {
      values[t] = t < steps / 2 ? Math.fma(step, t, from) : Math.fma(-step, steps - t - 1, to);
    }
    return values;
  }
}
