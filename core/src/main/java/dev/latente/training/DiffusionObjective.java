package dev.latente.training;

import dev.latente.sampling.NoiseSchedule;
import dev.latente.sampling.Prediction;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.UNet;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What a diffusion model should do: tell the noise in a sample, given how much there is and the
/// caption.
///
/// Ho et al. (2020), algorithm 1: take a clean sample, a timestep and noise; mix them in closed
/// form; compare the network's estimate with the truth.
record DiffusionObjective(
    UNet unet,
    ClipTextEncoder textEncoder,
    Captions captions,
    ImageFolder data,
    SampleSpace space,
    NoiseSchedule schedule,
    Prediction prediction,
    Timesteps timesteps,
    SnrWeighting weighting,
    Emphasis emphasis,
    double dropout,
    int batch,
    long seed)
    implements Objective {
  private static final int CHOICES = 1;
  private static final int NOISE = 2;

  @Override
  public Tensor loss(long step) {
    int[] chosen = Seeds.batch(seed, step, batch, data.size());
    SplittableRandom random = Seeds.random(seed, step, CHOICES);
    int[] t = timesteps.draw(batch, schedule.steps(), random);
    List<String> texts =
        Arrays.stream(chosen)
            .mapToObj(i -> Captions.wording(data.entries().get(i), dropout, random))
            .toList();

    Tensor clean = space.clean(chosen);
    Tensor eps = RandomNoise.seeded(Seeds.mix(seed, step, NOISE)).normal(clean.shape());
    Tensor noisy = schedule.addNoise(clean, eps, t).channelsLast();
    Tensor target =
        switch (prediction) {
          case EPSILON -> eps;
          case SAMPLE -> clean;
          case V_PREDICTION -> schedule.velocity(clean, eps, t);
        };

    Tensor text = textEncoder.forward(captions.ids(texts));
    Tensor estimate = unet.forward(noisy, column(t), text).to(Precision.F32);
    Tensor squares = emphasis.of(estimate.minus(target).square(), chosen);
    Tensor errors = squares.mean(1, 2, 3); // [N, 1, 1, 1]
    return errors.times(weighting.at(schedule, prediction, t)).mean();
  }

  private static Tensor column(int... t) {
    float[] values = new float[t.length];
    for (int i = 0; i < t.length; i++) {
      values[i] = t[i];
    }
    return Tensor.of(values, t.length);
  }
}
