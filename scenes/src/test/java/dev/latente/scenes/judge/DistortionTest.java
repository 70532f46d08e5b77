package dev.latente.scenes.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latente.image.Picture;
import dev.latente.scenes.draw.Renderer;
import dev.latente.scenes.world.Scene;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class DistortionTest {
  private static Picture plain(int value) {
    byte[] rgb = new byte[3 * 16 * 12];
    Arrays.fill(rgb, (byte) value);
    return Picture.of(16, 12, rgb);
  }

  @Test
  void blurLeavesAPlainPictureAlone() {
    float[] before = plain(77).toFloats();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20; i++) {
      // three f32 products a pixel
      assertThat(new Distortion(0, 0).apply(plain(77), random))
          .containsExactly(before, within(1e-6f));
    }
  }

  @Test
  void blurOnlyLowersContrast() {
    Picture picture = Picture.of(Renderer.render(Scene.random(4), 64, 64).picture());
    SplittableRandom random = new SplittableRandom(2);
    double sharp = slope(picture.toFloats());
    for (int i = 0; i < 20; i++) {
      assertThat(slope(new Distortion(0, 0).apply(picture, random))).isLessThanOrEqualTo(sharp);
    }
  }

  private static double slope(float[] x) {
    double sum = 0;
    for (int i = 1; i < x.length; i++) {
      sum += i % 64 == 0 ? 0 : Math.abs(x[i] - x[i - 1]);
    }
    return sum;
  }

  @Test
  void noiseStaysWithinItsAmplitudeAndAroundZero() {
    SplittableRandom random = new SplittableRandom(3);
    float level = plain(128).toFloats()[0];
    double sum = 0;
    double largest = 0;
    int count = 0;
    for (int i = 0; i < 50; i++) {
      for (float value : new Distortion(0, 0.2).apply(plain(128), random)) {
        largest = Math.max(largest, Math.abs(value - level));
        sum += value - level;
        count++;
      }
    }
    assertThat(largest).isBetween(0.1, 0.2001);
    // 28,800 numbers of deviation below 0.12: the mean's is 0.0007
    assertThat(sum / count).isCloseTo(0, within(0.003));
  }

  @Test
  void equalSeedsDistortEqually() {
    Picture picture = Picture.of(Renderer.render(Scene.random(5), 32, 32).picture());
    assertThat(Distortion.STANDARD.apply(picture, new SplittableRandom(9)))
        .isEqualTo(Distortion.STANDARD.apply(picture, new SplittableRandom(9)))
        .isNotEqualTo(Distortion.STANDARD.apply(picture, new SplittableRandom(10)));
  }
}
