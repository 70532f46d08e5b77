package dev.latente.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.model.Checkpoint.Part;
import dev.latente.model.DiffusersFolder;
import dev.latente.nn.FreshWeights;
import dev.latente.nn.StoredWeights;
import dev.latente.nn.Weights;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import dev.latente.tensor.RandomNoise;
import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TilingTest {
  private static final Tiling SMALL = new Tiling.Tiles(64);

  private static final Path MINI = Path.of("../mini/src/main/resources/mini/vae");

  /// One of 255, of pixels from -1 to 1.
  private static final double LEVEL = 2.0 / 255;

  private static final VaeConfig CONFIG =
      VaeConfig.of(List.of(8, 16, 16, 16), 1, 4, 4, 64, VaeConfig.SD_SCALING_FACTOR);

  @Test
  void aTinyAutoencodersTilesAreThoseOfTheWholePicture() {
    try (Scope _ = Scope.open()) {
      TinyVaeConfig config = TinyVaeConfig.taesd(8, 4, true);
      Codec codec = Codec.of(Weights.of(new FreshWeights(RandomNoise.seeded(1))), config);
      Tensor latents = RandomNoise.seeded(2).normal(2, 4, 21, 18);
      assertThat(difference(codec.decode(latents, SMALL), codec.decode(latents, Tiling.WHOLE)))
          .isLessThan(1e-5);
      Tensor pictures = picture(160, 136);
      assertThat(difference(codec.encode(pictures, SMALL), codec.encode(pictures, Tiling.WHOLE)))
          .isLessThan(1e-5);
    }
  }

  @Test
  void withTheWholeMapsStatisticsTilesAreExact() {
    try (Scope _ = Scope.open()) {
      Weights weights = Weights.of(new FreshWeights(RandomNoise.seeded(3)));
      assertExact(Encoder.of(weights.at("encoder"), CONFIG).stages(), picture(216, 168));
      assertExact(
          Decoder.of(weights.at("decoder"), CONFIG).stages(),
          RandomNoise.seeded(4).normal(2, 16, 27, 21));
    }
  }

  private static void assertExact(List<Stage> stages, Tensor x) {
    SharedNorms norms = new SharedNorms();
    Tensor whole = Block.chain(stages, x, norms.measuring());
    Tensor tiled = new TiledRun(stages, 8, 0).parted(x, norms);
    assertThat(tiled.shape()).isEqualTo(whole.shape());
    assertThat(difference(tiled, whole)).isLessThan(1e-4);
  }

  /// With the mean and variance of a small copy, colours are a little off, but nowhere suddenly.
  @Test
  void tilesOfATrainedAutoencoderMeetWithoutASeam() throws IOException {
    Part<VaeConfig> part = DiffusersFolder.openVae(MINI, Precision.F32);
    try (var source = part.weights();
        Scope _ = Scope.open()) {
      StoredWeights weights = new StoredWeights(source, Device.CPU, Precision.F32);
      Autoencoder vae = Autoencoder.of(Weights.of(weights), part.config());
      Tensor latents = vae.encode(picture(256, 320), Tiling.WHOLE);
      Tensor whole = vae.decode(latents, Tiling.WHOLE).clamp(-1, 1);
      Tensor off = vae.decode(latents, new Tiling.Tiles(128)).clamp(-1, 1).minus(whole);
      assertThat(off.abs().mean().item()).isLessThan(4 * LEVEL);
      assertThat(difference(off, off.times(0))).isLessThan(24 * LEVEL);
      assertThat(seam(off, 128)).isLessThan(1.5 * seam(off, 100));
      assertThat(difference(vae.encode(picture(256, 320), new Tiling.Tiles(128)), latents))
          .isLessThan(0.1);
      weights.release();
    }
  }

  @Test
  void aTileMustNotBeTooSmall() {
    assertThatThrownBy(() -> new Tiling.Tiles(63))
        .hasMessage("side of a tile must be at least 64 pixels: 63");
  }

  /// A picture with slow and fast changes, and another brightness on each side.
  private static Tensor picture(int height, int width) {
    float[] values = new float[3 * height * width];
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          double slow = Math.sin(x * 0.02 * (c + 1)) * Math.cos(y * 0.03);
          double fast = (x / 5 + y / 7) % 2 == 0 ? 0.2 : -0.2;
          values[(c * height + y) * width + x] =
              (float) Math.clamp(0.7 * slow + fast + 0.002 * x - 0.2, -1, 1);
        }
      }
    }
    return Tensor.of(values, 1, 3, height, width);
  }

  private static double difference(Tensor a, Tensor b) {
    double most = 0;
    for (float value : a.minus(b).toFloatArray()) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  /// The mean step of `error` `[1, 3, H, W]` from one column to the next, every `side` pixels.
  private static double seam(Tensor error, long side) {
    double sum = 0;
    int count = 0;
    for (long x = side; x < error.size(3); x += side, count++) {
      sum += error.slice(3, x, x + 1).minus(error.slice(3, x - 1, x)).abs().mean().item();
    }
    return sum / count;
  }
}
