package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import dev.latente.vae.VaeConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearPreviewTest {
  private static VaeConfig scaled(double factor) {
    return VaeConfig.of(List.of(128, 256, 512, 512), 2, 4, 32, 512, factor);
  }

  /// Two pixels: the first latent channel alone, and the last alone.
  @Test
  void eachChannelOfTheLatentsHasItsColour() {
    try (Scope _ = Scope.open()) {
      Tensor latents = Tensor.of(new float[] {1, 0, 0, 0, 0, 0, 0, 2}, 1, 4, 1, 2);
      assertThat(LinearPreview.SD.colours(latents).toFloatArray())
          .containsExactly(
              new float[] {0.3512f, -0.424f, 0.2297f, -0.5232f, 0.3227f, -1.4354f}, within(1e-6f));
      assertThat(LinearPreview.XL.colours(latents).toFloatArray())
          .containsExactly(
              new float[] {0.4735f, -0.5246f, 0.4057f, -0.5159f, 0.433f, -0.4387f}, within(1e-6f));
    }
  }

  @Test
  void theScaleTellsTheAutoencoder() {
    assertThat(LinearPreview.of(scaled(0.18215))).contains(LinearPreview.SD);
    assertThat(LinearPreview.of(scaled(0.13025))).contains(LinearPreview.XL);
    assertThat(LinearPreview.of(scaled(0.5))).isEmpty();
  }
}
