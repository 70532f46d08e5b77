package dev.latente.sampling;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// The noise levels a sampler visits, with the training timestep of each: decreasing, the last one
/// usually 0.
///
/// It also knows how diffusers' class for the same levels scales the first noise and the last
/// latents, and where its steps end if that is not the next level.
public final class Sigmas {
  private final double[] sigmas; // n + 1
  private final double[] timesteps; // n
  private final DoubleUnaryOperator timestepAt;
  private final Scaling scaling;
  private final double[] before; // n: a stride noisier than level i
  private final double[] after; // n: a stride cleaner than level i
  private final int first; // of the whole run's steps
  private final int wholeRun;

  /// How latents are scaled at both ends of a run.
  enum Scaling {
    /// `x_T` is pure noise of variance 1: in variance-exploding form, of deviation sqrt(1 + σ²).
    VARIANCE_PRESERVING,
    /// `x` begins as noise of deviation σ.
    VARIANCE_EXPLODING,
    /// `x` begins as noise of deviation sqrt(1 + σ²), and ends as it is.
    MIXED
  }

  private Sigmas(
      double[] sigmas,
      double[] timesteps,
      DoubleUnaryOperator timestepAt,
      Scaling scaling,
      double[] before,
      double[] after,
      int first,
      int wholeRun) {
    this.sigmas = sigmas;
    this.timesteps = timesteps;
    this.timestepAt = timestepAt;
    this.scaling = scaling;
    this.before = before;
    this.after = after;
    this.first = first;
    this.wholeRun = wholeRun;
  }

  /// Levels for a network trained with `schedule`, which gives each its timestep.
  ///
  /// @param sigmas decreasing deviations, at least two; all but the last positive
  public static Sigmas of(NoiseSchedule schedule, double... sigmas) {
    return of(schedule::timestepAt, sigmas);
  }

  /// As [#of(NoiseSchedule, double...)], with any other relation of timesteps to deviations.
  public static Sigmas of(DoubleUnaryOperator timestepAt, double... sigmas) {
    double[] timesteps =
        Arrays.stream(sigmas).limit(Math.max(0, sigmas.length - 1)).map(timestepAt).toArray();
    return of(sigmas, timesteps, timestepAt, Scaling.VARIANCE_EXPLODING);
  }

  /// Levels with a timestep each; the last level needs none.
  static Sigmas of(
      double[] sigmas, double[] timesteps, DoubleUnaryOperator timestepAt, Scaling scaling) {
    int steps = sigmas.length - 1;
    if (steps < 1 || timesteps.length != steps) {
      throw new IllegalArgumentException(
          "need at least two levels, and a timestep for all but the last: %d levels, %d timesteps"
              .formatted(sigmas.length, timesteps.length));
    }
    for (int i = 0; i < steps; i++) {
      if (!(sigmas[i] > 0 && sigmas[i] >= sigmas[i + 1] && sigmas[i + 1] >= 0)) {
        throw new IllegalArgumentException(
            "noise levels must decrease and stay positive until the last: "
                + Arrays.toString(sigmas));
      }
    }
    double[] before = new double[steps];
    Arrays.setAll(before, i -> sigmas[Math.max(0, i - 1)]);
    double[] after = Arrays.copyOfRange(sigmas, 1, sigmas.length);
    return new Sigmas(
        sigmas.clone(), timesteps.clone(), timestepAt, scaling, before, after, 0, steps);
  }

  /// The same levels, where a step of DDIM or PNDM leads from `before` level i to `after` level i.
  Sigmas withStrides(double[] before, double[] after) {
    return new Sigmas(
        sigmas, timesteps, timestepAt, scaling, before.clone(), after.clone(), first, wholeRun);
  }

  /// The number of steps: one fewer than the number of levels.
  public int steps() {
    return timesteps.length;
  }

  /// The number of steps of the whole run that this is a part of.
  public int wholeRun() {
    return wholeRun;
  }

  /// How many steps of the whole run come before the first one.
  public int earlier() {
    return first;
  }

  /// How many steps of the whole run are left before step `i` is taken, itself included.
  int left(int i) {
    return wholeRun - first - i;
  }

  /// The level before step `i`, 0 to `steps() - 1`.
  public NoiseLevel at(int i) {
    return new NoiseLevel(sigmas[i], timesteps[i]);
  }

  /// The deviation before step `i`, or after the last for `i == steps()`.
  public double sigma(int i) {
    return sigmas[i];
  }

  /// A level between those of the run, for samplers that look there.
  public NoiseLevel between(double sigma) {
    return new NoiseLevel(sigma, timestepAt.applyAsDouble(sigma));
  }

  /// Where DDIM's step from level `i` ends: `sigma(i + 1)`, unless diffusers' class counts back a
  /// fixed number of timesteps and so misses the next level a little.
  double after(int i) {
    return after[i];
  }

  /// The level one stride noisier than level `i`.
  double before(int i) {
    return before[i];
  }

  /// By how much to scale `x` of deviation `after(i)` so that its variance-preserving form stays
  /// the same when the next step takes it for one of deviation `sigma(i + 1)`.
  double rescaleAfter(int i) {
    double next = sigmas[i + 1];
    return next == after[i] ? 1 : Math.hypot(1, next) / Math.hypot(1, after[i]);
  }

  /// The run from step `first` on, as for a picture that is redrawn from a noisy version.
  public Sigmas from(int first) {
    return part(first, steps());
  }

  /// The run up to and without step `end`: another model may go on with `from(end)`.
  public Sigmas until(int end) {
    return part(0, end);
  }

  private Sigmas part(int first, int end) {
    if (first < 0 || first >= end || end > steps()) {
      throw new IllegalArgumentException(
          "a part of a run of %d steps needs 0 <= first < end <= %d: first=%d, end=%d"
              .formatted(steps(), steps(), first, end));
    }
    return new Sigmas(
        Arrays.copyOfRange(sigmas, first, end + 1),
        Arrays.copyOfRange(timesteps, first, end),
        timestepAt,
        scaling,
        Arrays.copyOfRange(before, first, end),
        Arrays.copyOfRange(after, first, end),
        this.first + first,
        wholeRun);
  }

  /// What to sample from when nothing is given: `noise` of deviation 1, scaled.
  public Tensor start(Tensor noise) {
    return noise.times(
        switch (scaling) {
          case VARIANCE_EXPLODING -> sigmas[0];
          case VARIANCE_PRESERVING, MIXED -> Math.hypot(1, sigmas[0]);
        });
  }

  /// What to sample from when `clean` latents are to be redrawn: with `noise` of deviation 1,
  /// scaled.
  public Tensor start(Tensor clean, Tensor noise) {
    return Scope.tidy(() -> clean.plus(noise.times(sigmas[0])));
  }

  /// The latents that a sampler has brought to the last level, as the decoder wants them.
  public Tensor finish(Tensor x) {
    double last = sigmas[steps()];
    return switch (scaling) {
      case VARIANCE_PRESERVING -> last == 0 ? x : x.dividedBy(Math.hypot(1, last));
      case VARIANCE_EXPLODING, MIXED -> x;
    };
  }

  /// Latents of the last level that [#finish] makes `clean` of.
  public Tensor unfinished(Tensor clean) {
    return switch (scaling) {
      case VARIANCE_PRESERVING -> clean.times(Math.hypot(1, sigmas[steps()]));
      case VARIANCE_EXPLODING, MIXED -> clean;
    };
  }

  /// All deviations, `steps() + 1` of them.
  public double[] toArray() {
    return sigmas.clone();
  }

  @Override
  public String toString() {
    return "Sigmas" + Arrays.toString(sigmas);
  }
}
