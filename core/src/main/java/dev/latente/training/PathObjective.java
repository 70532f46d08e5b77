package dev.latente.training;

import dev.latente.tensor.Precision;
import dev.latente.tensor.Tensor;
import dev.latente.text.ClipTextEncoder;
import dev.latente.unet.UNet;
import java.util.Arrays;
import java.util.List;

/// What a network distilled for few steps should do: with each step of DDIM from one timestep to
/// the next, land where its guided teacher's path is, which took many small steps there.
///
/// As in progressive distillation, [Salimans and Ho (2022)](https://arxiv.org/abs/2202.00512),
/// algorithm 2, the student's target is what makes its one step land on the teacher's end. Unlike
/// there, the teacher's paths begin in pure noise and are drawn beforehand, and the student walks
/// its own path: each step begins where its last one landed, so that it learns to make good what
/// went wrong before, as [Ross et al. (2011)](https://arxiv.org/abs/1011.0686) teach imitators.
///
/// An error of the landing place is divided by the step's length, the sine of the angle between
/// both noise levels: it is then that of the velocity `v`, whatever the network estimates, and all
/// steps count alike.
///
/// @param student learns; it begins as a copy of the teacher
/// @param text encodes prompts; it does not learn
/// @param timesteps from which the steps begin, the noisiest first
record PathObjective(
    UNet student,
    ClipTextEncoder text,
    Captions captions,
    TeacherPaths paths,
    Estimates estimates,
    List<Integer> timesteps,
    int batch,
    long seed)
    implements Objective {
  /// Errors of `v` above it, whose variance is 1, count as themselves, those below as squares.
  private static final double HUBER = 0.1;

  PathObjective {
    timesteps = List.copyOf(timesteps);
  }

  @Override
  public Tensor loss(long step) {
    int[] chosen = Seeds.batch(seed, step, batch, paths.count());
    Tensor with = text.encode(captions.ids(paths.captions(chosen)));
    Tensor x = paths.at(0, chosen);
    Tensor[] losses = new Tensor[timesteps.size()];
    for (int i = 0; i < losses.length; i++) {
      Tensor landed = landed(x, with, i);
      Tensor error = landed.minus(paths.at(i + 1, chosen)).times(1 / length(i));
      losses[i] = error.square().plus(HUBER * HUBER).sqrt().plus(-HUBER).mean();
      x = landed.detached();
    }
    return Tensor.stack(0, losses).mean();
  }

  /// Where the student's step from timestep `i` ends, `[N, C, H, W]`.
  Tensor landed(Tensor x, Tensor with, int i) {
    int[] t = new int[(int) x.size(0)];
    Arrays.fill(t, timesteps.get(i));
    Tensor output =
        student.forward(x.channelsLast(), Tensor.full(timesteps.get(i), t.length), with);
    Tensor clean = estimates.clean(x, output.to(Precision.F32), t);
    if (i + 1 == timesteps.size()) {
      return clean;
    }
    int[] next = new int[t.length];
    Arrays.fill(next, timesteps.get(i + 1));
    return estimates.schedule().addNoise(clean, estimates.noise(x, clean, t), next);
  }

  /// `sin(φ_i - φ_(i + 1))`, where `cos φ = sqrt(ᾱ)`: how far a velocity of 1 moves step `i`.
  private double length(int i) {
    double end = i + 1 == timesteps.size() ? 0 : angle(i + 1);
    return Math.sin(angle(i) - end);
  }

  private double angle(int i) {
    return Math.acos(Math.sqrt(estimates.schedule().alphaCumprod(timesteps.get(i))));
  }
}
