package dev.latente.sampling;

import dev.latente.sampling.Sigmas.Scaling;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// How the classes of diffusers choose the noise levels of a run. They differ in rounding, in where
/// they end, and in what they do with Karras' levels.
enum Levels {
  /// Whole timesteps and their own noise levels: DDPM.
  DISCRETE {
    @Override
    Sigmas spaced(SchedulerConfig config, NoiseSchedule noise, int steps) {
      double[] timesteps = wholeTimesteps(config, steps);
      return ofTimesteps(noise, timesteps, 0);
    }
  },
  /// The same, but each step counts back T / n timesteps, wherever the next one may be: DDIM.
  STRIDED {
    @Override
    Sigmas spaced(SchedulerConfig config, NoiseSchedule noise, int steps) {
      double[] timesteps = wholeTimesteps(config, steps);
      int stride = config.trainSteps() / steps;
      double last = lastOfStrided(config, noise);
      return ofTimesteps(noise, timesteps, last)
          .withStrides(
              map(timesteps, t -> sigmaOrLast(noise, t + stride, last)),
              map(timesteps, t -> sigmaOrLast(noise, t - stride, last)));
    }
  },
  /// The same with timesteps listed as often as [Pndm] asks for them.
  PNDM {
    @Override
    Sigmas spaced(SchedulerConfig config, NoiseSchedule noise, int steps) {
      double[] timesteps = wholeTimesteps(config, steps);
      int stride = config.trainSteps() / steps;
      double last = lastOfStrided(config, noise);
      double[] calls;
      double[] ends;
      if (config.flag("skip_prk_steps", false)) {
        calls = repeatSecond(timesteps);
        ends = map(calls, t -> t - stride);
      } else {
        calls = rungeKutta(timesteps, stride / 2);
        ends = map(calls, t -> t - stride);
        for (int i = 0; i < 12; i++) {
          ends[i] = i % 2 == 0 ? calls[i] - stride / 2 : calls[i];
        }
      }
      return ofTimesteps(noise, calls, last)
          .withStrides(
              map(calls, t -> sigmaOrLast(noise, t + stride, last)),
              map(ends, t -> sigmaOrLast(noise, t, last)));
    }

    @Override
    Sigmas of(
        SchedulerConfig config,
        NoiseSchedule noise,
        double[] sigmas,
        double last,
        DoubleUnaryOperator rounding) {
      if (!config.flag("skip_prk_steps", false)) {
        throw new IllegalArgumentException(
            "PNDM with Runge-Kutta steps needs leading, trailing or linspace timesteps: "
                + config.schedule().id());
      }
      return super.of(config, noise, repeatSecond(sigmas), last, rounding);
    }
  },
  /// Timesteps that need not be whole; between whole ones the noise level is interpolated: Euler.
  INTERPOLATED {
    @Override
    Sigmas spaced(SchedulerConfig config, NoiseSchedule noise, int steps) {
      double[] timesteps = timesteps(config, steps);
      double[] sigmas = ended(map(timesteps, noise::sigmaOnLine), last(config, noise));
      return Sigmas.of(sigmas, timesteps, noise::timestepAt, scaling(config));
    }

    @Override
    double[] range(SchedulerConfig config, NoiseSchedule noise, int steps) {
      double[] timesteps = timesteps(config, steps);
      return new double[] {
        config.number("sigma_max", noise.sigmaOnLine(timesteps[0])),
        config.number("sigma_min", noise.sigmaOnLine(timesteps[steps - 1]))
      };
    }

    @Override
    Scaling scaling(SchedulerConfig config) {
      return switch (config.spacing()) {
        case LEADING -> Scaling.MIXED;
        case TRAILING, LINSPACE -> Scaling.VARIANCE_EXPLODING;
      };
    }

    @Override
    double last(SchedulerConfig config, NoiseSchedule noise) {
      return lastOfSolver(config, noise);
    }

    @Override
    double smallestAlpha() {
      return NoiseSchedule.SMALLEST_ALPHA;
    }

    private double[] timesteps(SchedulerConfig config, int steps) {
      return config.spacing() == Spacing.LINSPACE
          ? single(Spacing.line(config.trainSteps() - 1, 0, steps))
          : wholeTimesteps(config, steps);
    }

    @Override
    DoubleUnaryOperator rounding(SchedulerConfig config) {
      return config.sampler().roundsTimesteps() ? Math::rint : t -> t;
    }
  },
  /// Some of the timesteps that a few-step model was distilled at: LCM, TCD.
  DISTILLED {
    @Override
    Sigmas spaced(SchedulerConfig config, NoiseSchedule noise, int steps) {
      int original = config.whole("original_inference_steps", 50);
      if (steps > original) {
        throw new IllegalArgumentException(
            "steps must be from 1 to %d, as many as the model was distilled at: %d"
                .formatted(original, steps));
      }
      int stride = config.trainSteps() / original;
      double[] timesteps = new double[steps];
      Arrays.setAll(
          timesteps, i -> (original - Math.floor(i * ((double) original / steps))) * stride - 1);
      return ofTimesteps(noise, timesteps, last(config, noise));
    }

    @Override
    double last(SchedulerConfig config, NoiseSchedule noise) {
      return config.sampler() == SamplerKind.TCD ? noise.sigmaMin() : 0;
    }
  },
  /// Whole timesteps out of n + 1, without the least noisy: DPM-Solver.
  SOLVER {
    @Override
    Sigmas spaced(SchedulerConfig config, NoiseSchedule noise, int steps) {
      int all = config.trainSteps();
      Spacing spacing = config.sampler().takesSpacing() ? config.spacing() : Spacing.LINSPACE;
      double[] timesteps =
          switch (spacing) {
            case LEADING -> {
              int stride = all / (steps + 1);
              yield Spacing.leading(steps, stride, stride + config.whole("steps_offset", 0), all);
            }
            case TRAILING -> Spacing.trailing(steps, all);
            case LINSPACE ->
                Arrays.copyOf(Spacing.rounded(Spacing.line(all - 1, 0, steps + 1)), steps);
          };
      return ofTimesteps(noise, timesteps, last(config, noise));
    }

    @Override
    DoubleUnaryOperator rounding(SchedulerConfig config) {
      return cosine(config) ? Math::floor : Math::rint;
    }

    @Override
    DoubleUnaryOperator cut() {
      return Math::floor;
    }

    @Override
    double last(SchedulerConfig config, NoiseSchedule noise) {
      return lastOfSolver(config, noise);
    }

    @Override
    double smallestAlpha() {
      return NoiseSchedule.SMALLEST_ALPHA;
    }
  };

  /// `ᾱ` of the last level where it should be 0, so small that nothing shows.
  private static final double ALMOST_NO_ALPHA = 0x1p-40;

  /// The levels of a run.
  Sigmas sigmas(SchedulerConfig config, int steps) {
    NoiseSchedule noise = config.noiseSchedule();
    double[] range = range(config, noise, steps);
    double most = range[0];
    double least = range[1];
    return switch (config.schedule()) {
      case LEADING, TRAILING, LINSPACE -> spaced(config, noise, steps);
      case KARRAS ->
          curved(
              config,
              noise,
              Curves.karras(most, least, steps, config.number("rho", Curves.RHO)),
              rounding(config));
      case EXPONENTIAL ->
          curved(
              config,
              noise,
              Curves.exponential(most, least, steps),
              config.flag("use_lu_lambdas", false) ? rounding(config) : cut());
      case BETA -> curved(config, noise, Curves.beta(most, least, steps), cut());
      case POLYEXPONENTIAL -> {
        double rho = config.number("rho", 1);
        yield free(config, noise, Curves.polyexponential(most, least, steps, rho));
      }
      case NORMAL -> free(config, noise, interpolated(noise, steps, steps));
      case SGM_UNIFORM -> free(config, noise, interpolated(noise, steps + 1, steps));
      case SIMPLE -> free(config, noise, simple(noise, steps));
      case DDIM -> free(config, noise, ddim(noise, steps));
      case ALIGN_YOUR_STEPS -> {
        AlignYourSteps family =
            config.choice("model_family", AlignYourSteps.class, AlignYourSteps.SD);
        yield free(config, noise, family.sigmas(steps));
      }
      case KL_OPTIMAL -> {
        double[] all = Curves.klOptimal(noise.sigmaMax(), noise.sigmaMin(), steps + 1);
        yield of(config, noise, Arrays.copyOf(all, steps), all[steps], t -> t);
      }
    };
  }

  /// Levels of the A1111 web UI and others, which end at 0.
  private Sigmas free(SchedulerConfig config, NoiseSchedule noise, double[] sigmas) {
    return of(config, noise, sigmas, 0, t -> t);
  }

  /// Levels of diffusers' formulas.
  private Sigmas curved(
      SchedulerConfig config, NoiseSchedule noise, double[] sigmas, DoubleUnaryOperator rounding) {
    return of(config, noise, sigmas, last(config, noise), rounding);
  }

  /// What is done to the timesteps of Karras' levels.
  DoubleUnaryOperator rounding(SchedulerConfig config) {
    return t -> t;
  }

  /// What is done to the timesteps of other formulas' levels.
  DoubleUnaryOperator cut() {
    return t -> t;
  }

  /// Levels of timesteps.
  abstract Sigmas spaced(SchedulerConfig config, NoiseSchedule noise, int steps);

  /// The most and the least noise of a curve.
  double[] range(SchedulerConfig config, NoiseSchedule noise, int steps) {
    return new double[] {noise.sigmaMax(), noise.sigmaMin()};
  }

  /// Levels given without timesteps, all above 0, and a last one.
  Sigmas of(
      SchedulerConfig config,
      NoiseSchedule noise,
      double[] sigmas,
      double last,
      DoubleUnaryOperator rounding) {
    double[] timesteps = map(map(sigmas, noise::timestepAt), rounding);
    double end = Math.min(last, (float) sigmas[sigmas.length - 1]); // equal but for rounding
    return Sigmas.of(ended(sigmas, end), timesteps, noise::timestepAt, scaling(config));
  }

  Scaling scaling(SchedulerConfig config) {
    return Scaling.VARIANCE_PRESERVING;
  }

  /// Where a curve ends.
  double last(SchedulerConfig config, NoiseSchedule noise) {
    return 0;
  }

  /// `ᾱ` of the last training level if that is rescaled to pure noise.
  double smallestAlpha() {
    return ALMOST_NO_ALPHA;
  }

  private static double[] wholeTimesteps(SchedulerConfig config, int steps) {
    int all = config.trainSteps();
    return switch (config.spacing()) {
      case LEADING -> Spacing.leading(steps, all / steps, config.whole("steps_offset", 0), all);
      case TRAILING -> Spacing.trailing(steps, all);
      case LINSPACE -> Spacing.rounded(Spacing.line(all - 1, 0, steps));
    };
  }

  private static Sigmas ofTimesteps(NoiseSchedule noise, double[] timesteps, double last) {
    double[] sigmas = ended(map(timesteps, t -> noise.sigma((int) t)), last);
    return Sigmas.of(sigmas, timesteps, noise::timestepAt, Scaling.VARIANCE_PRESERVING);
  }

  private static double lastOfStrided(SchedulerConfig config, NoiseSchedule noise) {
    return config.flag("set_alpha_to_one", true) ? 0 : noise.sigmaMin();
  }

  private static double lastOfSolver(SchedulerConfig config, NoiseSchedule noise) {
    return config.endsAtSigmaMin() ? noise.sigmaMin() : 0;
  }

  private static boolean cosine(SchedulerConfig config) {
    return config.choice("beta_schedule", BetaSchedule.class, BetaSchedule.LINEAR)
        == BetaSchedule.SQUAREDCOS_CAP_V2;
  }

  /// The first `steps` of `count` levels evenly spaced in the timestep.
  private static double[] interpolated(NoiseSchedule noise, int count, int steps) {
    double[] timesteps = Spacing.line(noise.steps() - 1, 0, count);
    return Arrays.copyOf(map(timesteps, noise::sigmaAt), steps);
  }

  private static double[] simple(NoiseSchedule noise, int steps) {
    double[] sigmas = new double[steps];
    Arrays.setAll(
        sigmas, i -> noise.sigma(noise.steps() - 1 - (int) ((double) i * noise.steps() / steps)));
    return sigmas;
  }

  private static double[] ddim(NoiseSchedule noise, int steps) {
    int stride = Math.max(noise.steps() / steps, 1);
    int count = (noise.steps() - 2) / stride + 1;
    double[] sigmas = new double[count];
    Arrays.setAll(sigmas, i -> noise.sigma(1 + (count - 1 - i) * stride));
    return sigmas;
  }

  private static double sigmaOrLast(NoiseSchedule noise, double timestep, double last) {
    return timestep < 0 ? last : noise.sigma((int) Math.min(timestep, noise.steps() - 1));
  }

  /// `t0 t1 t1 t2 …`
  private static double[] repeatSecond(double[] values) {
    if (values.length == 1) {
      return values;
    }
    double[] repeated = new double[values.length + 1];
    Arrays.setAll(repeated, i -> values[i < 2 ? i : i - 1]);
    return repeated;
  }

  /// The calls of three Runge-Kutta steps, then the remaining timesteps.
  private static double[] rungeKutta(double[] timesteps, int half) {
    int steps = timesteps.length;
    if (steps < 4) {
      throw new IllegalArgumentException(
          "PNDM with Runge-Kutta steps needs at least 4 steps: " + steps);
    }
    double[] calls = new double[12 + steps - 3];
    for (int step = 0; step < 3; step++) {
      double next = timesteps[step + 1];
      calls[4 * step] = timesteps[step];
      calls[4 * step + 1] = next + half;
      calls[4 * step + 2] = next + half;
      calls[4 * step + 3] = next;
    }
    System.arraycopy(timesteps, 3, calls, 12, steps - 3);
    return calls;
  }

  /// Levels in single precision, as diffusers stores them, with a last one.
  private static double[] ended(double[] sigmas, double last) {
    double[] ended = single(Arrays.copyOf(sigmas, sigmas.length + 1));
    ended[sigmas.length] = last;
    return ended;
  }

  private static double[] single(double[] values) {
    return map(values, value -> (float) value);
  }

  private static double[] map(double[] values, DoubleUnaryOperator function) {
    return Arrays.stream(values).map(function).toArray();
  }
}
