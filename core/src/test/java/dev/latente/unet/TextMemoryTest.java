package dev.latente.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.model.Checkpoint;
import dev.latente.nn.Rows;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.OperationCost;
import dev.latente.tensor.OperationKind;
import dev.latente.tensor.OperationProfile;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What attentions make of a text, kept from step to step.
class TextMemoryTest {
  private static final Path MODEL = Path.of("src/test/resources/reference/tiny-sd1");
  private static final int TOKENS = 5;

  private static StoredWeights weights;
  private static UNet unet;

  @BeforeAll
  static void open() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(MODEL, Precision.F32);
        Scope _ = Scope.open()) {
      weights = new StoredWeights(checkpoint.unet().weights(), Device.CPU, Precision.F32);
      unet = UNet.of(Weights.of(weights), checkpoint.unet().config());
      weights.finish(_ -> false);
    }
  }

  @AfterAll
  static void close() {
    weights.release();
  }

  private static Conditioning text(int seed) {
    RandomNoise noise = RandomNoise.seeded(seed);
    return Conditioning.of(noise.normal(2, TOKENS, unet.config().crossAttentionDim()));
  }

  /// The outputs of some steps, each told `first` and then `second`.
  private static float[] steps(Conditioning first, Conditioning second) {
    RandomNoise noise = RandomNoise.seeded(3);
    Tensor[] outputs = new Tensor[6];
    for (int i = 0; i < outputs.length; i++) {
      Tensor x = noise.normal(2, 4, 8, 8);
      outputs[i] = unet.predict(x, Tensor.full(900 - 100.0 * i, 2), i % 2 == 0 ? first : second);
    }
    return Tensor.concat(0, outputs).toFloatArray();
  }

  @Test
  void stepsGiveTheSameWithIt() {
    try (Scope _ = Scope.open();
        TextMemory memory = new TextMemory()) {
      float[] plain = steps(text(1), text(2));
      assertThat(steps(text(1).withMemory(memory), text(2).withMemory(memory))).isEqualTo(plain);
    }
  }

  /// How many maps of the text's tokens a step does.
  private static long maps(Supplier<Conditioning> told) {
    try (OperationProfile profile = OperationProfile.start()) {
      unet.predict(RandomNoise.seeded(3).normal(2, 4, 8, 8), Tensor.full(500, 2), told.get());
      return profile.lap().stream()
          .filter(cost -> cost.kind() == OperationKind.LINEAR && cost.positions() == TOKENS)
          .mapToLong(OperationCost::calls)
          .sum();
    }
  }

  @Test
  void aTextIsReadTwice() {
    try (Scope _ = Scope.open();
        TextMemory memory = new TextMemory()) {
      Conditioning told = text(1).withMemory(memory);
      long all = maps(() -> text(1));
      assertThat(all).isEqualTo(2L * unet.crossAttentions().size());
      assertThat(maps(() -> told)).isEqualTo(all);
      assertThat(maps(() -> told)).isEqualTo(all);
      assertThat(maps(() -> told)).isZero();
      assertThat(maps(() -> text(1).withMemory(memory))).isEqualTo(all); // another tensor
    }
  }

  @Test
  void picturesThatAreToldTheSameShareIt() {
    try (Scope _ = Scope.open();
        TextMemory memory = new TextMemory()) {
      Tensor x = RandomNoise.seeded(3).normal(6, 4, 8, 8);
      Tensor t = Tensor.full(500, 6);
      Conditioning one = text(1);
      Conditioning apart = Conditioning.of(Rows.each(text(1).text(), 3));
      float[] wanted = unet.predict(x, t, one.each(3)).toFloatArray();
      // small products round otherwise with other numbers of rows, on some processors
      assertThat(unet.predict(x, t, apart).toFloatArray()).containsExactly(wanted, within(1e-5F));
      for (int step = 0; step < 3; step++) {
        Conditioning told = one.each(3).withMemory(memory);
        assertThat(unet.predict(x, t, told).toFloatArray()).isEqualTo(wanted);
      }
      try (OperationProfile profile = OperationProfile.start()) {
        unet.predict(x, t, one.each(3).withMemory(memory));
        assertThat(profile.lap())
            .filteredOn(cost -> cost.kind() == OperationKind.LINEAR)
            .noneMatch(cost -> cost.positions() == TOKENS);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "3, 6", "1, 5", "0, 6"})
  void rowsOfThemAreTheirs(int from, int to) {
    try (Scope _ = Scope.open()) {
      Tensor x = RandomNoise.seeded(3).normal(6, 4, 8, 8);
      Tensor t = Tensor.full(500, 6);
      float[] all =
          unet.predict(x, t, text(1).each(3)).slice(0, from, to).contiguous().toFloatArray();
      Conditioning some = text(1).each(3).rows(from, to);
      Tensor part = unet.predict(x.slice(0, from, to), t.slice(0, from, to), some);
      assertThat(part.toFloatArray()).usingComparatorWithPrecision(1e-4F).containsExactly(all);
    }
  }
}
