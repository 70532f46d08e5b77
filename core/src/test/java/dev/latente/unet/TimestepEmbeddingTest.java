package dev.latente.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.tensor.Scope;
import dev.latente.tensor.Tensor;
import org.junit.jupiter.api.Test;

class TimestepEmbeddingTest {
  /// As diffusers' `get_guidance_scale_embedding` for an odd `embedding_dim`.
  @Test
  void anOddWidthEndsInAZero() {
    try (Scope _ = Scope.open()) {
      Tensor two = Tensor.of(new float[] {2}, 1);
      assertThat(TimestepEmbedding.sinusoids(two, 5, false, 1).contiguous().toFloatArray())
          .containsExactly(
              new float[] {
                (float) Math.sin(2),
                (float) Math.sin(2e-4),
                (float) Math.cos(2),
                (float) Math.cos(2e-4),
                0
              },
              within(1e-6f));
    }
  }
}
