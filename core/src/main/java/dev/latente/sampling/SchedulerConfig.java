package dev.latente.sampling;

import java.util.List;

/// How a model was trained to see noise and how its authors sample it, named as in diffusers'
/// `scheduler/scheduler_config.json`.
///
/// @param className the scheduler its authors chose, such as `PNDMScheduler`
/// @param numTrainTimesteps noise levels in training: 1000
/// @param betaStart variance added at the first level
/// @param betaEnd variance added at the last level
/// @param betaSchedule how the variance grows between the two
/// @param trainedBetas the variances themselves if they follow no formula; else empty
/// @param predictionType what the network estimates
/// @param timestepSpacing which levels a sampler visits
/// @param stepsOffset added to each timestep if they are spaced `LEADING`
/// @param setAlphaToOne whether the last step ends at no noise at all, not at the first level
/// @param clipSample whether clean estimates are clipped to `±clipSampleRange`
/// @param clipSampleRange see `clipSample`
/// @param rescaleBetasZeroSnr whether the last level is changed to be pure noise
/// @param sigmaSpacing how noise levels are spaced instead of by timesteps
/// @param skipPrkSteps whether PNDM begins without Runge-Kutta steps
/// @param solverOrder order of a multistep solver
/// @param algorithmType variant of a DPM-Solver, such as `dpmsolver++`
/// @param finalSigmasType where a DPM-Solver ends: `zero` or `sigma_min`
public record SchedulerConfig(
    String className,
    int numTrainTimesteps,
    double betaStart,
    double betaEnd,
    BetaSchedule betaSchedule,
    List<Double> trainedBetas,
    PredictionType predictionType,
    TimestepSpacing timestepSpacing,
    int stepsOffset,
    boolean setAlphaToOne,
    boolean clipSample,
    double clipSampleRange,
    boolean rescaleBetasZeroSnr,
    SigmaSpacing sigmaSpacing,
    boolean skipPrkSteps,
    int solverOrder,
    String algorithmType,
    String finalSigmasType) {

  /// How the variance added at each level grows.
  public enum BetaSchedule {
    /// Linearly.
    LINEAR,
    /// Linearly in its square root.
    SCALED_LINEAR,
    /// So that `ᾱ` follows a squared cosine: [Nichol and Dhariwal
    /// (2021)](https://arxiv.org/abs/2102.09672), equation 17.
    SQUAREDCOS_CAP_V2
  }

  /// What a network estimates.
  public enum PredictionType {
    /// The noise `eps`.
    EPSILON,
    /// The clean sample `x_0`.
    SAMPLE,
    /// The velocity `v = sqrt(ᾱ) eps - sqrt(1 - ᾱ) x_0`.
    V_PREDICTION
  }

  /// Which timesteps a sampler visits: [Lin et al. (2023)](https://arxiv.org/abs/2305.08891), table
  /// 2.
  public enum TimestepSpacing {
    /// Multiples of T / n, from 0.
    LEADING,
    /// Multiples of T / n, from T - 1 down.
    TRAILING,
    /// Evenly from 0 to T - 1.
    LINSPACE
  }

  /// A spacing of noise levels that replaces the timesteps'.
  public enum SigmaSpacing {
    /// None: the timesteps'.
    TIMESTEPS,
    /// `use_karras_sigmas`.
    KARRAS,
    /// `use_exponential_sigmas`.
    EXPONENTIAL,
    /// `use_beta_sigmas`.
    BETA
  }

  public SchedulerConfig {
    trainedBetas = List.copyOf(trainedBetas);
    if (numTrainTimesteps <= 0) {
      throw new IllegalArgumentException(
          "num_train_timesteps must be positive: " + numTrainTimesteps);
    }
    if (!trainedBetas.isEmpty() && trainedBetas.size() != numTrainTimesteps) {
      throw new IllegalArgumentException(
          "trained_betas must have num_train_timesteps = %d entries: %d"
              .formatted(numTrainTimesteps, trainedBetas.size()));
    }
    if (!(betaStart > 0 && betaStart <= betaEnd && betaEnd < 1)) {
      throw new IllegalArgumentException(
          "0 < beta_start <= beta_end < 1 must hold: %s, %s".formatted(betaStart, betaEnd));
    }
    if (stepsOffset < 0 || stepsOffset >= numTrainTimesteps) {
      throw new IllegalArgumentException(
          "steps_offset must be from 0 to %d: %d".formatted(numTrainTimesteps - 1, stepsOffset));
    }
    if (solverOrder < 1 || solverOrder > 3) {
      throw new IllegalArgumentException("solver_order must be 1, 2 or 3: " + solverOrder);
    }
  }

  /// Stable Diffusion's training noise, sampled as DDIM with its published settings.
  public static SchedulerConfig stableDiffusion(PredictionType predictionType) {
    return new SchedulerConfig(
        "DDIMScheduler",
        1000,
        0.00085,
        0.012,
        BetaSchedule.SCALED_LINEAR,
        List.of(),
        predictionType,
        TimestepSpacing.LEADING,
        1,
        false,
        false,
        1.0,
        false,
        SigmaSpacing.TIMESTEPS,
        true,
        2,
        "dpmsolver++",
        "zero");
  }
}
