package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Restart sampling: [Xu et al. (2023)](https://arxiv.org/abs/2306.14878), algorithm 1. Heun's
/// steps; once the noise is low, it is raised again and removed again, which contracts the errors
/// made before.
///
/// As in the A1111 web UI, runs of 20 steps or more spend some of them on restarts: between σ of
/// about 0.1 and 2, once, or twice from 36 steps on. Shorter runs are Heun's.
public record Restart() implements Sampler {
  private static final double LOW = 0.1;
  private static final double HIGH = 2;

  /// One of Heun's steps.
  private record Leg(NoiseLevel from, NoiseLevel to) {}

  @Override
  public Tensor sample(
      Denoiser denoiser, Tensor x, Sigmas sigmas, StepNoise noise, StepListener listener) {
    List<Leg> legs = plan(sigmas);
    double now = legs.getFirst().from().sigma();
    for (int i = 0; i < legs.size(); i++) {
      Leg leg = legs.get(i);
      double sigma = leg.from().sigma();
      if (now < sigma) {
        Tensor low = x;
        double up = Math.sqrt(sigma * sigma - now * now);
        x = Scope.tidy(() -> low.plus(noise.like(low).times(up)));
      }
      Tensor denoised = denoiser.denoise(x, leg.from());
      listener.onStep(i + 1, legs.size(), denoised);
      x = Heun.step(denoiser, x, denoised, sigma, leg.to());
      now = leg.to().sigma();
    }
    return x;
  }

  private static List<Leg> plan(Sigmas sigmas) {
    int steps = sigmas.steps();
    if (steps < 20) {
      return legs(levels(sigmas));
    }
    int times = steps < 36 ? 1 : 2;
    int inner = steps < 36 ? 9 : steps / 4;
    double last = sigmas.sigma(steps);
    double least = last > 0 ? last : sigmas.sigma(steps - 1);
    List<NoiseLevel> outer = karras(sigmas, sigmas.sigma(0), least, steps - inner * times);
    outer.add(sigmas.between(last));
    int low = nearest(outer, LOW);
    int high = nearest(outer, HIGH);
    List<Leg> legs = new ArrayList<>(legs(outer.subList(0, low + 1)));
    if (high < low) {
      List<NoiseLevel> again =
          karras(sigmas, outer.get(high).sigma(), outer.get(low).sigma(), inner + 1);
      for (int i = 0; i < times; i++) {
        legs.addAll(legs(again));
      }
    }
    legs.addAll(legs(outer.subList(low, outer.size())));
    return legs;
  }

  private static List<NoiseLevel> levels(Sigmas sigmas) {
    List<NoiseLevel> levels = new ArrayList<>();
    for (int i = 0; i < sigmas.steps(); i++) {
      levels.add(sigmas.at(i));
    }
    levels.add(sigmas.between(sigmas.sigma(sigmas.steps())));
    return levels;
  }

  private static List<NoiseLevel> karras(Sigmas sigmas, double most, double least, int count) {
    List<NoiseLevel> levels = new ArrayList<>();
    for (double sigma : Curves.karras(most, least, count)) {
      levels.add(sigmas.between(sigma));
    }
    return levels;
  }

  private static int nearest(List<NoiseLevel> levels, double sigma) {
    int best = 0;
    for (int i = 1; i < levels.size(); i++) {
      if (Math.abs(levels.get(i).sigma() - sigma) < Math.abs(levels.get(best).sigma() - sigma)) {
        best = i;
      }
    }
    return best;
  }

  private static List<Leg> legs(List<NoiseLevel> levels) {
    List<Leg> legs = new ArrayList<>();
    for (int i = 0; i + 1 < levels.size(); i++) {
      legs.add(new Leg(levels.get(i), levels.get(i + 1)));
    }
    return legs;
  }
}
