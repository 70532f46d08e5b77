package dev.latente.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NoiseRecipeTest {
  private static final NoiseRecipe CPU = NoiseRecipe.of(NoiseSource.CPU, 3);
  private static final NoiseRecipe CUDA = NoiseRecipe.of(NoiseSource.CUDA, 3);

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void plainNoiseIsTheStreamsFirst() {
    RandomNoise stream = RandomNoise.seeded(3);
    NoiseRecipe.Start start = CPU.start(1, 4, 8, 8);
    assertThat(values(start.noise())).isEqualTo(values(stream.normal(1, 4, 8, 8)));
    assertThat(values(start.steps().normal(1, 4, 8, 8)))
        .isEqualTo(values(stream.normal(1, 4, 8, 8)));
    assertThat(values(CUDA.start(1, 4, 8, 8).noise()))
        .isEqualTo(PhiloxNoise.seeded(3).numbers(4 * 8 * 8));
  }

  @Test
  void picturesTakeTheNextSeed() {
    assertThat(values(CUDA.picture(2).start(1, 4, 8, 8).noise()))
        .isEqualTo(PhiloxNoise.seeded(5).numbers(4 * 8 * 8));
    assertThat(CUDA.withVariation(9, 0.1).picture(2)).isEqualTo(CUDA.withVariation(11, 0.1));
    assertThat(CUDA.withVariation(9, 0).picture(2).seed()).isEqualTo(5);
  }

  @Test
  void variationsLeadFromOneNoiseToTheOther() {
    float[] one = values(CUDA.start(1, 4, 8, 8).noise());
    float[] other = PhiloxNoise.seeded(9).numbers(4 * 8 * 8);
    assertThat(values(CUDA.withVariation(9, 0).start(1, 4, 8, 8).noise())).isEqualTo(one);
    assertThat(values(CUDA.withVariation(9, 1).start(1, 4, 8, 8).noise()))
        .containsExactly(other, within(1e-6f));
    assertThat(values(CUDA.withVariation(3, 0.4).start(1, 4, 8, 8).noise()))
        .containsExactly(one, within(1e-6f));
  }

  /// Two columns at a right angle, and two of 60 degrees and of other lengths.
  @Test
  void variationsGoAlongTheCircleOfEachColumn() {
    Tensor from = Tensor.of(new float[] {1, 2, 0, 0}, 1, 1, 2, 2);
    Tensor to = Tensor.of(new float[] {0, 0.5f, 1, (float) Math.sqrt(0.75)}, 1, 1, 2, 2);
    double halfOf60 = Math.sin(Math.PI / 6) / Math.sin(Math.PI / 3);
    assertThat(values(NoiseMixing.between(from, to, 0.5)))
        .containsExactly(
            new float[] {
              (float) Math.sqrt(0.5),
              (float) (halfOf60 * 2.5),
              (float) Math.sqrt(0.5),
              (float) (halfOf60 * Math.sqrt(0.75))
            },
            within(1e-6f));
  }

  @Test
  void variationsKeepTheSizeOfNoise() {
    double squares = 0;
    for (float value : values(CUDA.withVariation(9, 0.5).start(1, 4, 64, 64).noise())) {
      squares += (double) value * value;
    }
    assertThat(squares / (4 * 64 * 64)).isCloseTo(1, within(0.06)); // five deviations
  }

  @Test
  void noiseOfASmallerSizeLiesInTheMiddle() {
    Tensor noise = CPU.withDrawnFor(4, 2).start(1, 4, 8, 6).noise();
    Tensor middle = noise.slice(2, 3, 5).slice(3, 1, 5);
    assertThat(values(middle)).isEqualTo(values(RandomNoise.seeded(3).normal(1, 4, 2, 4)));
    assertThat(values(noise.slice(2, 0, 3)))
        .isEqualTo(values(RandomNoise.seeded(3).normal(1, 4, 8, 6).slice(2, 0, 3)));
  }

  @Test
  void noiseOfALargerSizeIsCut() {
    Tensor noise = CPU.withDrawnFor(10, 12).start(1, 4, 8, 6).noise();
    Tensor large = RandomNoise.seeded(3).normal(1, 4, 12, 10);
    assertThat(values(noise)).isEqualTo(values(large.slice(2, 2, 10).slice(3, 2, 8)));
  }

  @Test
  void stepsMayHaveNoiseOfTheirOwn() {
    NoiseStream steps = CUDA.withStepOffset(100).start(1, 4, 8, 8).steps();
    assertThat(values(steps.normal(5))).isEqualTo(PhiloxNoise.seeded(103).numbers(5));
  }

  @Test
  void sourcesHaveTheNamesPeopleKnow() {
    assertThat(NoiseSource.named("GPU")).isEqualTo(NoiseSource.CUDA);
    assertThat(NoiseSource.named("NV")).isEqualTo(NoiseSource.CUDA);
    assertThat(NoiseSource.named("cpu")).isEqualTo(NoiseSource.CPU);
    assertThatThrownBy(() -> NoiseSource.named("dice"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("noise must be one of [cpu, cuda]: dice");
  }

  @Test
  void strengthIsAShare() {
    assertThatThrownBy(() -> CPU.withVariation(1, 1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("variation strength must be between 0 and 1: 1.5");
  }

  private static float[] values(Tensor tensor) {
    return tensor.contiguous().toFloatArray();
  }
}
