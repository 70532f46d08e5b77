package dev.latente.training;

import dev.latente.sampling.Guidance;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.UNet;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/// What a network distilled for few steps should do: estimate the same clean sample from every
/// point of the path along which its teacher, guided, would take a noisy sample.
///
/// Latent consistency distillation, [Luo et al. (2023)](https://arxiv.org/abs/2310.04378),
/// algorithm 1, with one fixed guidance scale and DDIM as the teacher's solver. The target is the
/// network itself without gradient, not a moving average: [Song and Dhariwal
/// (2023)](https://arxiv.org/abs/2310.14189), section 3.2.
///
/// @param student learns; it begins as a copy of `teacher`
/// @param text encodes prompts for both; it does not learn
/// @param points of the path, from which a sampler of few steps takes some (50 as published)
record ConsistencyObjective(
    UNet student,
    UNet teacher,
    ClipTextEncoder text,
    Captions captions,
    ImageFolder data,
    SampleSpace space,
    Estimates estimates,
    Guidance guidance,
    int points,
    int batch,
    long seed)
    implements Objective {
  private static final int CHOICES = 1;
  private static final int NOISE = 2;
  private static final double HUBER = 0.001; // Luo et al., section 5.1: robust to outliers
  private static final double SIGMA_DATA = 0.5;
  private static final double TIMESTEP_SCALING = 10; // as the sampler Lcm has it

  @Override
  public Tensor loss(long step) {
    int[] chosen = Seeds.batch(seed, step, batch, data.size());
    SplittableRandom random = Seeds.random(seed, step, CHOICES);
    int stride = estimates.schedule().steps() / points;
    int[] late = random.ints(batch, 1, points + 1).map(n -> n * stride - 1).toArray();
    int[] early = Arrays.stream(late).map(t -> Math.max(0, t - stride)).toArray();
    List<String> texts =
        Arrays.stream(chosen)
            .mapToObj(i -> Captions.wording(data.entries().get(i), 0, random))
            .toList();

    Tensor clean = space.clean(chosen);
    Tensor eps = RandomNoise.seeded(Seeds.mix(seed, step, NOISE)).normal(clean.shape());
    Tensor x = estimates.schedule().addNoise(clean, eps, late).channelsLast();
    Tensor with = text.encode(captions.ids(texts));
    Tensor target = consistent(earlier(x, with, late, early), with, early).detached();
    Tensor error = consistent(x, with, late).minus(target);
    return error.square().plus(HUBER * HUBER).sqrt().plus(-HUBER).mean();
  }

  /// Where the guided teacher takes `x` from timesteps `late` to `early`: a step of DDIM.
  private Tensor earlier(Tensor x, Tensor with, int[] late, int[] early) {
    Tensor without = text.encode(captions.ids(Collections.nCopies(batch, "")));
    Tensor both = Tensor.concat(0, without, with);
    Tensor times = times(late);
    Tensor[] outputs =
        teacher.predict(Tensor.concat(0, x, x), Tensor.concat(0, times, times), both).chunk(2, 0);
    Tensor clean = estimates.clean(x, guidance.mix(outputs[0], outputs[1]), late);
    Tensor noise = estimates.noise(x, clean, late);
    return estimates.schedule().addNoise(clean, noise, early).channelsLast();
  }

  /// The student's estimate, which at timestep 0 is `x` itself: ibid., equation 9.
  private Tensor consistent(Tensor x, Tensor with, int... t) {
    Tensor clean = estimates.clean(x, student.forward(x, times(t), with), t);
    float[] skips = new float[t.length];
    float[] outs = new float[t.length];
    for (int i = 0; i < t.length; i++) {
      double time = t[i] * TIMESTEP_SCALING;
      double square = time * time + SIGMA_DATA * SIGMA_DATA;
      skips[i] = (float) (SIGMA_DATA * SIGMA_DATA / square);
      outs[i] = (float) (time / Math.sqrt(square));
    }
    return clean
        .times(Tensor.of(outs, t.length, 1, 1, 1))
        .plus(x.times(Tensor.of(skips, t.length, 1, 1, 1)));
  }

  private static Tensor times(int... t) {
    float[] values = new float[t.length];
    for (int i = 0; i < t.length; i++) {
      values[i] = t[i];
    }
    return Tensor.of(values, t.length);
  }
}
