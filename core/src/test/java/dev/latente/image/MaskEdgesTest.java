package dev.latente.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latente.testing.ControlMap;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blurs, feathers, surroundings and transparent parts: what becomes of masks.
class MaskEdgesTest {
  private static final Path FOLDER = Path.of("src/test/resources/reference/masks");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"0.5", "2.3", "4", "16"})
  void blursArePillows(String sigma) throws IOException {
    Picture blurred = ControlMap.of(40, 30).blurred(Double.parseDouble(sigma));
    assertThat(blurred).isEqualTo(Picture.read(FOLDER.resolve("blur-" + sigma + ".png")));
  }

  private static Picture ellipse(
      int width, int height, double cx, double cy, double rx, double ry) {
    return mask(
        width,
        height,
        (x, y) -> (x - cx) * (x - cx) / (rx * rx) + (y - cy) * (y - cy) / (ry * ry) <= 1);
  }

  private interface Inside {
    boolean at(int x, int y);
  }

  private static Picture mask(int width, int height, Inside inside) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      Arrays.fill(rgb, 3 * i, 3 * i + 3, (byte) (inside.at(i % width, i / width) ? 255 : 0));
    }
    return Picture.of(width, height, rgb);
  }

  @Test
  void surroundingsSpreadAsInTheWebInterface() throws IOException {
    Picture spread = Surroundings.spread(ControlMap.of(40, 30), ellipse(40, 30, 22, 14, 11, 9));
    assertThat(spread).isEqualTo(Picture.read(FOLDER.resolve("fill.png")));
  }

  @Test
  void feathersRiseFromTheBorderInwardsInEqualSteps() {
    Picture feathered = Feather.inwards(mask(40, 9, (x, _) -> x >= 10), 4);
    int[] row = new int[20];
    Arrays.setAll(row, x -> feathered.at(x, 4) & 0xff);
    assertThat(Arrays.copyOfRange(row, 8, 16)).containsExactly(0, 0, 51, 102, 153, 204, 255, 255);
    assertThat(feathered.at(39, 0) & 0xff).isEqualTo(255); // the picture's border is none
  }

  @Test
  void thinPartsOfAFeatheredMaskKeepTheirMiddle() {
    Picture stroke = mask(40, 40, (_, y) -> y >= 19 && y < 22);
    Picture feathered = Feather.inwards(stroke, 16);
    assertThat(feathered.at(20, 20) & 0xff).isEqualTo(255);
    assertThat(feathered.at(20, 19) & 0xff).isEqualTo(128);
    assertThat(feathered.at(20, 18) & 0xff).isZero();
  }

  @Test
  void aRegionHoldsTheMaskAndGrowsToTheProportion() {
    Picture mask = mask(120, 88, (x, y) -> x >= 40 && x < 50 && y >= 30 && y < 70);
    assertThat(Region.around(mask, 4, 64, 64)).isEqualTo(new Region(21, 26, 48, 48));
    assertThat(Region.around(mask, 4, 128, 64)).isEqualTo(new Region(0, 26, 96, 48));
    assertThat(Region.around(mask, 400, 64, 64)).isEqualTo(new Region(0, 0, 120, 88));
    assertThatThrownBy(() -> Region.around(Picture.black(8, 8), 4, 64, 64))
        .hasMessage("a mask must not be black all over: Picture[8x8]");
  }

  @Test
  void whatIsTransparentIsTheMaskAndKeepsItsColours() throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0xff102030);
    image.setRGB(1, 0, 0x00405060);
    image.setRGB(2, 0, 0x80708090);
    Path file = folder.resolve("cutout.png");
    ImageIO.write(image, "png", file.toFile());
    Cutout cutout = Cutout.read(file).orElseThrow();
    assertThat(cutout.colours().at(1, 0)).isEqualTo(0x405060);
    assertThat(cutout.mask().at(0, 0)).isZero();
    assertThat(cutout.mask().at(1, 0)).isEqualTo(0xffffff);
    assertThat(cutout.mask().at(2, 0)).isEqualTo(0x7f7f7f);
    Png.write(file, Picture.black(4, 4), Map.of());
    assertThat(Cutout.read(file)).isEmpty();
  }
}
