package dev.latente.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplerTest {
  private static final SchedulerConfig SD =
      SchedulerConfig.stableDiffusion(Prediction.EPSILON).with("skip_prk_steps", true);

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void theListenerHearsOfEachStepInOrder(SamplerKind kind) {
    SchedulerConfig config = SD.withSampler(kind);
    List<Integer> heard = new ArrayList<>();
    sample(config, 25, NormalData.DENOISER, (step, steps, _) -> heard.add(step * 100 + steps));
    int steps = heard.getLast() % 100;
    assertThat(heard).hasSize(steps);
    assertThat(heard.getFirst()).isEqualTo(100 + steps);
    assertThat(heard).isSorted();
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void aListenerCanCancel(SamplerKind kind) {
    List<Integer> calls = new ArrayList<>();
    Denoiser counting =
        (x, level) -> {
          calls.add(1);
          return NormalData.DENOISER.denoise(x, level);
        };
    StepListener cancelling =
        (step, _, _) -> {
          if (step == 3) {
            throw new CancellationException("stopped");
          }
        };
    assertThatThrownBy(() -> sample(SD.withSampler(kind), 25, counting, cancelling))
        .isInstanceOf(CancellationException.class);
    assertThat(calls.size()).isBetween(3, 5); // two calls a step at most
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void equalSeedsGiveEqualResults(SamplerKind kind) {
    SchedulerConfig config = SD.withSampler(kind);
    float[] first = sample(config, 8, NormalData.DENOISER, StepListener.none());
    assertThat(sample(config, 8, NormalData.DENOISER, StepListener.none())).isEqualTo(first);
  }

  @ParameterizedTest
  @EnumSource(SamplerKind.class)
  void aPictureOfABatchDoesNotDependOnItsNeighbours(SamplerKind kind) {
    SchedulerConfig config = SD.withSampler(kind);
    try (Scope _ = Scope.open()) {
      float[] alone = batch(config, 6).toFloatArray();
      Tensor both = batch(config, 5, 6);
      assertThat(both.slice(0, 1, 2).toFloatArray()).isEqualTo(alone);
    }
  }

  @ParameterizedTest
  @EnumSource(Prediction.class)
  void predictionsAreInverse(Prediction prediction) {
    try (Scope _ = Scope.open()) {
      RandomNoise noise = RandomNoise.seeded(2);
      Tensor x = noise.normal(1, 4, 4, 4);
      Tensor clean = noise.normal(1, 4, 4, 4);
      Tensor output = prediction.output(x, clean, 3);
      Tensor back = prediction.clean(x, output, 3);
      assertThat(back.minus(clean).abs().mean().item()).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void anotherModelCanFinishARun() {
    try (Scope _ = Scope.open()) {
      Sigmas sigmas = SD.withSampler(SamplerKind.EULER).sigmas(20);
      Tensor x = sigmas.start(RandomNoise.seeded(1).normal(1, 4, 4, 4));
      Tensor half = euler(x, sigmas.until(12));
      Tensor found = euler(half, sigmas.from(12));
      assertThat(found.toFloatArray()).isEqualTo(euler(x, sigmas).toFloatArray());
    }
  }

  /// `x = clean + sigma eps` is the solution if the estimates of clean and noise never change.
  @ParameterizedTest
  @EnumSource(LinearMultistep.Scale.class)
  void aConstantEstimateIsIntegratedExactlyFromAnyLevelOn(LinearMultistep.Scale scale) {
    try (Scope _ = Scope.open()) {
      RandomNoise noise = RandomNoise.seeded(3);
      Tensor clean = noise.normal(1, 4, 4, 4);
      Tensor eps = noise.normal(1, 4, 4, 4);
      Sigmas sigmas = SD.withSampler(SamplerKind.LMS).sigmas(20);
      for (int first : new int[] {0, 1, 3, 12}) {
        Sigmas late = sigmas.from(first).until(7);
        Tensor found =
            new LinearMultistep(4, scale, LastStep.FULL_ORDER)
                .sample(
                    (_, _) -> clean,
                    clean.plus(eps.times(late.sigma(0))),
                    late,
                    StepNoise.none(),
                    StepListener.none());
        Tensor wanted = clean.plus(eps.times(late.sigma(7)));
        assertThat(found.minus(wanted).abs().mean().item()).isCloseTo(0, within(1e-5));
      }
    }
  }

  private static Tensor euler(Tensor x, Sigmas sigmas) {
    return new Euler()
        .sample(NormalData.DENOISER, x, sigmas, StepNoise.none(), StepListener.none());
  }

  private static Tensor batch(SchedulerConfig config, long... seeds) {
    List<RandomNoise> streams = new ArrayList<>();
    for (long seed : seeds) {
      streams.add(RandomNoise.seeded(seed));
    }
    StepNoise noise = StepNoise.each(streams);
    Tensor first = noise.like(Tensor.full(0, seeds.length, 4, 4, 4));
    return config
        .newSampler()
        .generate(NormalData.DENOISER, first, config.sigmas(6), noise, StepListener.none());
  }

  private static float[] sample(
      SchedulerConfig config, int steps, Denoiser denoiser, StepListener listener) {
    RandomNoise stream = RandomNoise.seeded(1);
    try (Scope _ = Scope.open()) {
      Tensor noise = stream.normal(1, 4, 4, 4);
      return config
          .newSampler()
          .generate(denoiser, noise, config.sigmas(steps), StepNoise.of(stream), listener)
          .toFloatArray();
    }
  }
}
