package dev.latente.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.model.Checkpoint;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A U-Net's outermost layers alone.
class InnerFeaturesTest {
  private static final Path MODEL = Path.of("src/test/resources/reference/tiny-sd1");
  private static final RandomNoise NOISE = RandomNoise.seeded(7);

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

  private static Tensor latents() {
    return NOISE.normal(2, 4, 7, 8); // a height that is odd at the next level
  }

  private static Conditioning text() {
    return Conditioning.of(NOISE.normal(2, 5, unet.config().crossAttentionDim()));
  }

  /// What a ControlNet and an adapter might add.
  private static Residuals residuals(Tensor x) {
    List<Tensor> skips = new ArrayList<>();
    List<Integer> channels = unet.config().skipChannels();
    for (int i = 0; i < channels.size(); i++) {
      skips.add(NOISE.normal(2, channels.get(i), 1, 1));
    }
    Tensor first =
        NOISE.normal(1, unet.config().blockOutChannels().getFirst(), x.size(2), x.size(3));
    return new Residuals(skips, Optional.empty(), List.of(first));
  }

  /// The same operations on the same numbers.
  @Test
  void atTheSameNoiseTheyGiveTheWholeNetworksAnswer() {
    try (Scope _ = Scope.open();
        InnerFeatures inner = new InnerFeatures()) {
      Tensor x = latents();
      Tensor timesteps = Tensor.full(500, 2);
      Conditioning told = text();
      for (Residuals residuals : List.of(Residuals.NONE, residuals(x))) {
        float[] plain = unet.predict(x, timesteps, told, residuals).toFloatArray();
        float[] keeping = unet.predictKeeping(x, timesteps, told, residuals, inner).toFloatArray();
        float[] outermost = unet.predictOutermost(x, timesteps, told, inner).toFloatArray();
        assertThat(keeping).isEqualTo(plain);
        assertThat(outermost).isEqualTo(plain);
      }
    }
  }

  @Test
  void atOtherNoiseTheyGiveAnAnswerOfTheirOwn() {
    try (Scope _ = Scope.open();
        InnerFeatures inner = new InnerFeatures()) {
      Tensor x = latents();
      Conditioning told = text();
      Tensor _ = unet.predictKeeping(x, Tensor.full(500, 2), told, Residuals.NONE, inner);
      Tensor later = Tensor.full(400, 2);
      float[] outermost = unet.predictOutermost(x, later, told, inner).toFloatArray();
      assertThat(outermost).isNotEqualTo(unet.predict(x, later, told).toFloatArray());
      for (float value : outermost) {
        assertThat(value).isFinite();
      }
    }
  }

  @Test
  void whatIsKeptOutlivesItsScopeUntilItIsReplacedOrClosed() {
    InnerFeatures inner = new InnerFeatures();
    assertThat(inner.isPresent()).isFalse();
    assertThatThrownBy(inner::kept).isInstanceOf(IllegalStateException.class);
    try (Scope _ = Scope.open()) {
      inner.keep(Tensor.full(1, 2), Residuals.ofLevels(List.of(Tensor.full(2, 2))));
    }
    Tensor first = inner.kept().h();
    Tensor level = inner.kept().residuals().levels().getFirst();
    assertThat(first.toFloatArray()).containsExactly(1, 1);
    assertThat(level.toFloatArray()).containsExactly(2, 2);
    try (Scope _ = Scope.open()) {
      inner.keep(Tensor.full(3, 2), Residuals.NONE);
    }
    assertThatThrownBy(first::toFloatArray).isInstanceOf(RuntimeException.class); // freed
    assertThatThrownBy(level::toFloatArray).isInstanceOf(RuntimeException.class);
    Tensor second = inner.kept().h();
    assertThat(second.toFloatArray()).containsExactly(3, 3);
    inner.close();
    assertThat(inner.isPresent()).isFalse();
    assertThatThrownBy(second::toFloatArray).isInstanceOf(RuntimeException.class);
    inner.close(); // twice does no harm
  }
}
