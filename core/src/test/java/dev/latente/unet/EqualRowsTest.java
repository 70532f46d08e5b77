package dev.latente.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.model.Checkpoint;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The same latents told several texts, as guidance asks: each answer is that to a question of its
/// own, with less work.
class EqualRowsTest {
  private static final Path MODEL = Path.of("src/test/resources/reference/tiny-sd1");
  private static final int TOKENS = 5;
  private static final int PIXELS = 64; // of the first level

  private static StoredWeights weights;
  private static UNet unet;

  private final Scope scope = Scope.open();
  private final RandomNoise noise = RandomNoise.seeded(4);

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
  static void release() {
    weights.release();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private Tensor latents(int count) {
    return noise.normal(count, 4, 8, 8);
  }

  private Tensor text(int rows) {
    return noise.normal(rows, TOKENS, unet.config().crossAttentionDim());
  }

  private static void requireEachAlone(Tensor x, Tensor t, Tensor text) {
    Tensor together = unet.predict(x, t, text);
    for (int row = 0; row < x.size(0); row++) {
      Tensor alone =
          unet.predict(
              x.slice(0, row, row + 1), t.slice(0, row, row + 1), text.slice(0, row, row + 1));
      assertThat(together.slice(0, row, row + 1).contiguous().toFloatArray())
          .as("row %d", row)
          .containsExactly(alone.toFloatArray(), within(1e-5F));
    }
  }

  @Test
  void onePictureIsToldTwoTexts() {
    Tensor x = latents(1);
    requireEachAlone(Tensor.concat(0, x, x), Tensor.full(500, 2), text(2));
  }

  @Test
  void twoPicturesAreToldThreeTextsEach() {
    Tensor x = latents(2);
    requireEachAlone(Tensor.concat(0, x, x, x), Tensor.full(500, 6), text(6));
  }

  @Test
  void otherNoiseLevelsAreOtherQuestions() {
    Tensor x = latents(1);
    Tensor levels = Tensor.of(new float[] {900, 100}, 2);
    requireEachAlone(Tensor.concat(0, x, x), levels, text(2));
  }

  /// What the first level's pixels take to look at each other.
  private double work(Tensor x) {
    try (OperationProfile profile = OperationProfile.start()) {
      unet.predict(x, Tensor.full(500, 2), text(2));
      return profile.lap().stream()
          .filter(cost -> cost.kind() == OperationKind.SELF_ATTENTION)
          .filter(cost -> cost.positions() == PIXELS)
          .mapToDouble(OperationCost::flops)
          .sum();
    }
  }

  @Test
  void theFirstLookAtEachOtherIsOne() {
    Tensor x = latents(1);
    double all = work(latents(2));
    long looks =
        unet.crossAttentions().stream()
            .filter(each -> each.features() == unet.config().blockOutChannels().getFirst())
            .count();
    assertThat(work(Tensor.concat(0, x, x))).isCloseTo(all * (1 - 0.5 / looks), within(1e-6 * all));
  }

  @Test
  void whoeverIsLookedAtIsAskedInFull() {
    Tensor x = latents(1);
    try (AttentionSharing bank = new AttentionSharing(unet.crossAttentions())) {
      Conditioning told = Conditioning.of(text(2)).withSelf(bank.listening(1));
      Tensor both = Tensor.concat(0, x, x);
      Tensor output = unet.predict(both, Tensor.full(500, 2), told);
      Tensor wanted = unet.predict(both, Tensor.full(500, 2), told.text());
      assertThat(output.toFloatArray()).containsExactly(wanted.toFloatArray(), within(1e-5F));
    }
  }
}
