package dev.latente.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.tensor.Tensor;

/// The slice of feature maps that diffusers' tests print: the last channel's bottom right 3×3
/// pixels of the first sample, row by row.
public final class Corner {
  private Corner() {}

  /// Compares the corner of `x` `[N, C, H, W]` with the nine numbers expected.
  public static void assertThatCorner(Tensor x, double tolerance, double... expected) {
    long height = x.size(2);
    long width = x.size(3);
    float[] found =
        x.slice(0, 0, 1)
            .slice(1, x.size(1) - 1, x.size(1))
            .slice(2, height - 3, height)
            .slice(3, width - 3, width)
            .toFloatArray();
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).as("number %d", i).isCloseTo(expected[i], within(tolerance));
    }
  }
}
