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
    Sigmas spaced(LevelRequest request) {
      return request.ofTimesteps(request.wholeTimesteps(), 0);
    }
  },
  /// The same, but each step counts back T / n timesteps, wherever the next one may be: DDIM.
  STRIDED {
    @Override
    Sigmas spaced(LevelRequest request) {
      double[] timesteps = request.wholeTimesteps();
      return strided(request, timesteps, LevelRequest.map(timesteps, t -> t - stride(request)));
    }
  },
  /// The same with timesteps listed as often as [Pndm] asks for them.
  PNDM {
    @Override
    Sigmas spaced(LevelRequest request) {
      PndmCalls calls =
          PndmCalls.of(request.config().pndmStart(), request.wholeTimesteps(), stride(request));
      return strided(request, calls.calls(), calls.ends());
    }

    @Override
    Sigmas of(LevelRequest request, double[] sigmas, double last, DoubleUnaryOperator rounding) {
      return switch (request.config().pndmStart()) {
        case HEUN -> super.of(request, PndmCalls.repeatSecond(sigmas), last, rounding);
        case RUNGE_KUTTA ->
            throw new IllegalArgumentException(
                "PNDM with Runge-Kutta steps needs leading, trailing or linspace timesteps: "
                    + request.config().schedule().id());
      };
    }
  },
  /// Timesteps that need not be whole; between whole ones the noise level is interpolated: Euler.
  INTERPOLATED {
    @Override
    Sigmas spaced(LevelRequest request) {
      double[] timesteps = timesteps(request);
      double[] sigmas = LevelRequest.map(timesteps, request.noise()::sigmaOnLine);
      return Sigmas.of(
          LevelRequest.ended(sigmas, last(request)),
          timesteps,
          request.noise()::timestepAt,
          scaling(request));
    }

    @Override
    double[] range(LevelRequest request) {
      double[] timesteps = timesteps(request);
      NoiseSchedule noise = request.noise();
      return new double[] {
        request.config().number("sigma_max", noise.sigmaOnLine(timesteps[0])),
        request.config().number("sigma_min", noise.sigmaOnLine(timesteps[request.steps() - 1]))
      };
    }

    @Override
    Scaling scaling(LevelRequest request) {
      return switch (request.config().spacing()) {
        case LEADING -> Scaling.MIXED;
        case TRAILING, LINSPACE -> Scaling.VARIANCE_EXPLODING;
      };
    }

    @Override
    double last(LevelRequest request) {
      return zeroOrLeast(request);
    }

    @Override
    double smallestAlpha() {
      return NoiseSchedule.SMALLEST_ALPHA;
    }

    @Override
    DoubleUnaryOperator rounding(LevelRequest request) {
      return request.config().sampler().roundsTimesteps() ? Math::rint : t -> t;
    }

    private double[] timesteps(LevelRequest request) {
      return switch (request.config().spacing()) {
        case LEADING, TRAILING -> request.wholeTimesteps();
        case LINSPACE ->
            LevelRequest.single(Spacing.line(request.noise().steps() - 1, 0, request.steps()));
      };
    }
  },
  /// Some of the timesteps that a few-step model was distilled at: LCM, TCD.
  DISTILLED {
    @Override
    Sigmas spaced(LevelRequest request) {
      int steps = request.steps();
      int original = request.config().whole("original_inference_steps", 50);
      if (steps > original) {
        throw new IllegalArgumentException(
            "steps must be from 1 to %d, as many as the model was distilled at: %d"
                .formatted(original, steps));
      }
      int stride = request.noise().steps() / original;
      double[] timesteps = new double[steps];
      Arrays.setAll(
          timesteps, i -> (original - Math.floor(i * ((double) original / steps))) * stride - 1);
      return request.ofTimesteps(timesteps, last(request));
    }

    @Override
    double last(LevelRequest request) {
      return request.config().sampler() == SamplerKind.TCD ? request.noise().sigmaMin() : 0;
    }
  },
  /// Whole timesteps out of n + 1, without the least noisy: DPM-Solver.
  SOLVER {
    @Override
    Sigmas spaced(LevelRequest request) {
      int all = request.noise().steps();
      int steps = request.steps();
      SchedulerConfig config = request.config();
      Spacing spacing = config.sampler().takesSpacing() ? config.spacing() : Spacing.LINSPACE;
      double[] timesteps =
          switch (spacing) {
            case LEADING -> {
              int stride = all / (steps + 1);
              yield Spacing.leading(steps, stride, stride + request.offset(), all);
            }
            case TRAILING -> Spacing.trailing(steps, all);
            case LINSPACE ->
                Arrays.copyOf(Spacing.rounded(Spacing.line(all - 1, 0, steps + 1)), steps);
          };
      return request.ofTimesteps(timesteps, last(request));
    }

    @Override
    DoubleUnaryOperator rounding(LevelRequest request) {
      return switch (request.config().betaSchedule()) {
        case LINEAR, SCALED_LINEAR -> Math::rint;
        case SQUAREDCOS_CAP_V2 -> Math::floor;
      };
    }

    @Override
    DoubleUnaryOperator cut() {
      return Math::floor;
    }

    @Override
    double last(LevelRequest request) {
      return zeroOrLeast(request);
    }

    @Override
    double smallestAlpha() {
      return NoiseSchedule.SMALLEST_ALPHA;
    }
  };

  /// `ᾱ` of the last level where it should be 0, so small that nothing shows.
  private static final double ALMOST_NO_ALPHA = 0x1p-40;

  /// The levels of a run.
  Sigmas sigmas(LevelRequest request) {
    SchedulerConfig config = request.config();
    NoiseSchedule noise = request.noise();
    int steps = request.steps();
    double[] range = range(request);
    double most = range[0];
    double least = range[1];
    return switch (config.schedule()) {
      case LEADING, TRAILING, LINSPACE -> spaced(request);
      case KARRAS -> {
        double rho = config.number("rho", Curves.RHO);
        yield of(request, Curves.karras(most, least, steps, rho), last(request), rounding(request));
      }
      case EXPONENTIAL -> {
        boolean lu = config.flag("use_lu_lambdas", false);
        double[] sigmas = Curves.exponential(most, least, steps);
        yield of(request, sigmas, last(request), lu ? rounding(request) : cut());
      }
      case BETA -> of(request, Curves.beta(most, least, steps), last(request), cut());
      case POLYEXPONENTIAL -> {
        double rho = config.number("rho", 1);
        yield toZero(request, Curves.polyexponential(most, least, steps, rho));
      }
      case NORMAL -> toZero(request, TrainingLevels.even(noise, steps, steps));
      case SGM_UNIFORM -> toZero(request, TrainingLevels.even(noise, steps + 1, steps));
      case SIMPLE -> toZero(request, TrainingLevels.simple(noise, steps));
      case DDIM -> toZero(request, TrainingLevels.ddim(noise, steps));
      case ALIGN_YOUR_STEPS -> toZero(request, config.tunedLevels().alignYourSteps(steps));
      case GITS -> toZero(request, config.tunedLevels().gits(steps));
      case TURBO -> toZero(request, TrainingLevels.turbo(noise, steps));
      case KL_OPTIMAL -> {
        double[] all = Curves.klOptimal(noise.sigmaMax(), noise.sigmaMin(), steps + 1);
        yield of(request, Arrays.copyOf(all, steps), all[steps], t -> t);
      }
    };
  }

  /// Levels of the A1111 web UI and others, which end at 0 and have timesteps that are not whole.
  private Sigmas toZero(LevelRequest request, double[] sigmas) {
    return of(request, sigmas, 0, t -> t);
  }

  /// Levels given without timesteps, all above 0, and a last one.
  Sigmas of(LevelRequest request, double[] sigmas, double last, DoubleUnaryOperator rounding) {
    DoubleUnaryOperator timestepAt = request.noise()::timestepAt;
    double[] timesteps = LevelRequest.map(LevelRequest.map(sigmas, timestepAt), rounding);
    double end = Math.min(last, (float) sigmas[sigmas.length - 1]); // equal but for rounding
    return Sigmas.of(LevelRequest.ended(sigmas, end), timesteps, timestepAt, scaling(request));
  }

  /// Levels of timesteps.
  abstract Sigmas spaced(LevelRequest request);

  /// The most and the least noise of a curve.
  double[] range(LevelRequest request) {
    return new double[] {request.noise().sigmaMax(), request.noise().sigmaMin()};
  }

  /// What is done to the timesteps of Karras' levels.
  DoubleUnaryOperator rounding(LevelRequest request) {
    return t -> t;
  }

  /// What is done to the timesteps of other curves.
  DoubleUnaryOperator cut() {
    return t -> t;
  }

  Scaling scaling(LevelRequest request) {
    return Scaling.VARIANCE_PRESERVING;
  }

  /// Where a curve ends.
  double last(LevelRequest request) {
    return 0;
  }

  /// `ᾱ` of the last training level if that is rescaled to pure noise.
  double smallestAlpha() {
    return ALMOST_NO_ALPHA;
  }

  private static int stride(LevelRequest request) {
    return request.noise().steps() / request.steps();
  }

  private static Sigmas strided(LevelRequest request, double[] timesteps, double[] ends) {
    double last = request.config().flag("set_alpha_to_one", true) ? 0 : request.noise().sigmaMin();
    double[] before = LevelRequest.map(timesteps, t -> t + stride(request));
    return request
        .ofTimesteps(timesteps, last)
        .withStrides(request.sigmas(before, last), request.sigmas(ends, last));
  }

  private static double zeroOrLeast(LevelRequest request) {
    return request.config().endsAtSigmaMin() ? request.noise().sigmaMin() : 0;
  }
}
