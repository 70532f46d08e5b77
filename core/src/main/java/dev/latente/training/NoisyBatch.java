package dev.latente.training;

import dev.latente.sampling.NoiseSchedule;
import dev.latente.sampling.Prediction;
import dev.latente.sampling.SchedulerConfig;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Samples of one step of training with noise in them, and what a network should tell of it.
///
/// @param chosen which pictures of the data
/// @param timesteps of each, `[N]`
/// @param noisy `[N, C, H, W]`
/// @param target what the network should give for it, `[N, C, H, W]`
/// @param captions of each
record NoisyBatch(
    int[] chosen, int[] timesteps, Tensor noisy, Tensor target, List<String> captions) {
  private static final int CHOICES = 1;
  private static final int NOISE = 2;

  /// How batches are made.
  ///
  /// @param dropout share of captions left out
  record Maker(
      ImageFolder data,
      SampleSpace space,
      NoiseSchedule schedule,
      Prediction prediction,
      Timesteps timesteps,
      double dropout,
      int batch,
      long seed) {

    /// Batches of `data` as a training draws them.
    static Maker of(
        ImageFolder data,
        SampleSpace space,
        SchedulerConfig scheduler,
        Focus focus,
        double dropout,
        TrainingPlan plan) {
      return new Maker(
          data,
          space,
          scheduler.noiseSchedule(),
          scheduler.prediction(),
          focus.timesteps(),
          dropout,
          plan.batch(),
          plan.seed());
    }

    /// The batch of `step`, which depends on the seed and the step alone.
    NoisyBatch at(long step) {
      int[] chosen = Seeds.batch(seed, step, batch, data.size());
      SplittableRandom random = Seeds.random(seed, step, CHOICES);
      int[] t = timesteps.draw(batch, schedule.steps(), random);
      List<String> captions =
          Arrays.stream(chosen)
              .mapToObj(i -> Captions.wording(data.entries().get(i), dropout, random))
              .toList();
      Tensor clean = space.clean(chosen);
      Tensor eps = RandomNoise.seeded(Seeds.mix(seed, step, NOISE)).normal(clean.shape());
      Tensor target =
          switch (prediction) {
            case EPSILON -> eps;
            case SAMPLE -> clean;
            case V_PREDICTION -> schedule.velocity(clean, eps, t);
          };
      return new NoisyBatch(
          chosen, t, schedule.addNoise(clean, eps, t).channelsLast(), target, captions);
    }

    /// The mean square of `error` `[N, C, H, W]`, weighed by timestep and place.
    Tensor loss(NoisyBatch batch, Tensor error, SnrWeighting weighting, Emphasis emphasis) {
      Tensor signals = signals(batch.timesteps());
      Tensor squares = emphasis.of(error.square(), signals, batch.chosen());
      Tensor errors = squares.mean(1, 2, 3); // [N, 1, 1, 1]
      return errors.times(weighting.at(schedule, prediction, batch.timesteps())).mean();
    }

    /// The signal's share of the samples' variance, `ᾱ`, `[N, 1, 1, 1]`.
    Tensor signals(int... timesteps) {
      float[] shares = new float[timesteps.length];
      for (int i = 0; i < shares.length; i++) {
        shares[i] = (float) schedule.alphaCumprod(timesteps[i]);
      }
      return Tensor.of(shares, shares.length, 1, 1, 1);
    }
  }

  /// The timesteps as numbers a network takes, `[N]`.
  Tensor column() {
    float[] values = new float[timesteps.length];
    for (int i = 0; i < timesteps.length; i++) {
      values[i] = timesteps[i];
    }
    return Tensor.of(values, timesteps.length);
  }
}
