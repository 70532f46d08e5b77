package dev.latente.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

class FidelityTest {
  private static final int WIDTH = 28;
  private static final int HEIGHT = 20;

  private static Picture picture(int channelStep, IntBinaryOperator change) {
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    for (int i = 0; i < HEIGHT; i++) {
      for (int j = 0; j < WIDTH; j++) {
        for (int c = 0; c < 3; c++) {
          int value = (i * 7 + j * 13 + c * channelStep) % 256 + change.applyAsInt(i, j);
          rgb[3 * (i * WIDTH + j) + c] = (byte) Math.clamp(value, 0, 255);
        }
      }
    }
    return Picture.of(WIDTH, HEIGHT, rgb);
  }

  // The numbers are NumPy's and SciPy's in f64: gaussian_filter(sigma=1.5, truncate=3.5), borders
  // of 5 pixels cut off, as scikit-image computes structural similarity with Gaussian weights.
  @Test
  void agreesWithSciPy() {
    Fidelity found = Fidelity.of(picture(29, (_, _) -> 0), picture(29, (i, j) -> i * j % 17 - 8));
    assertThat(found.psnr()).isCloseTo(33.66264064618352, within(1e-9));
    assertThat(found.ssim()).isCloseTo(0.9864687241447756, within(1e-9));
  }

  @Test
  void equalPicturesAreAlikeWithoutLimit() {
    Fidelity found = Fidelity.of(picture(29, (_, _) -> 0), picture(29, (_, _) -> 0));
    assertThat(found.psnr()).isInfinite();
    assertThat(found.ssim()).isCloseTo(1, within(1e-12));
  }

  @Test
  void picturesOfTwoSizesAreRefused() {
    Picture small = Picture.of(11, 11, new byte[3 * 121]);
    assertThatThrownBy(() -> Fidelity.of(picture(1, (_, _) -> 0), small))
        .hasMessage("need pictures of one size: 28 × 20 and 11 × 11");
    Picture tiny = Picture.of(10, 12, new byte[360]);
    assertThatThrownBy(() -> Fidelity.of(tiny, tiny))
        .hasMessage("pictures to compare need at least 11 pixels a side: 10 × 12");
  }
}
