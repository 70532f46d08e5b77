package dev.latente.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.latente.image.Picture;
import dev.latente.testing.ControlMap;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessorTest {
  private static final Path REFERENCE = Path.of("src/test/resources/reference/control");
  private static final int WIDTH = 97;
  private static final int HEIGHT = 61;

  @ParameterizedTest
  @CsvSource({
    "bars, canny",
    "hills, canny",
    "hills-sensitive, 'canny(30,60)'",
    "hills-strict, 'canny(300,700)'"
  })
  void cannyFindsTheEdgesThatOpenCvFinds(String picture, String name) throws IOException {
    Picture drawn = picture.equals("bars") ? ControlMap.of(WIDTH, HEIGHT) : hills();
    Picture edges = Preprocessor.named(name).orElseThrow().apply(drawn);
    assertThat(edges).isEqualTo(Picture.read(REFERENCE.resolve("canny-" + picture + ".png")));
  }

  /// As in tools/reference/canny.py.
  private static Picture hills() {
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int at = 3 * (y * WIDTH + x);
        rgb[at] = (byte) ((x * (WIDTH - x) * 3 + y * 5) / WIDTH % 256);
        rgb[at + 1] = (byte) (x * y / 17 % 200);
        rgb[at + 2] = (byte) (((x - 30) * (x - 30) + (y - 20) * (y - 20)) / 9 % 256);
      }
    }
    return Picture.of(WIDTH, HEIGHT, rgb);
  }

  @Test
  void thresholdsOutOfOrderAreNamed() {
    assertThatThrownBy(() -> Preprocessor.named("canny(200,100)"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("canny's thresholds must be LOW,HIGH with 0 <= LOW <= HIGH: 200,100");
  }

  @Test
  void greyScribbleAndInvertGoPixelByPixel() {
    Picture pixels =
        Picture.of(2, 1, new byte[] {(byte) 200, 100, 50, (byte) 255, (byte) 140, 127});
    assertThat(apply("grey", pixels).rgb()).containsExactly(124, 124, 124, (byte) 173, -83, -83);
    assertThat(apply("scribble", pixels).rgb()).containsExactly(-1, -1, -1, 0, 0, 0);
    assertThat(apply("invert", pixels).rgb()).containsExactly(55, -101, -51, 0, 115, -128);
    assertThat(apply("tile", pixels)).isEqualTo(pixels);
  }

  @Test
  void shuffleMovesColoursButKeepsThem() {
    Picture picture = ramp(300, 200);
    Picture shuffled = new Shuffle(7, 64).apply(picture);
    assertThat(new Shuffle(7, 64).apply(picture)).isEqualTo(shuffled);
    assertThat(moved(picture, shuffled)).isGreaterThan(30);
    // a place that wanders evenly over a ramp sees every brightness
    assertThat(mean(shuffled)).isCloseTo(mean(picture), within(25.0));
    assertThat(moved(apply("shuffle", picture), picture)).isGreaterThan(10);
  }

  private static Picture ramp(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      int value = i % width * 255 / (width - 1);
      rgb[3 * i] = (byte) value;
      rgb[3 * i + 1] = (byte) value;
      rgb[3 * i + 2] = (byte) value;
    }
    return Picture.of(width, height, rgb);
  }

  private static double moved(Picture one, Picture other) {
    double sum = 0;
    for (int y = 0; y < one.height(); y++) {
      for (int x = 0; x < one.width(); x++) {
        sum += Math.abs((one.at(x, y) & 0xff) - (other.at(x, y) & 0xff));
      }
    }
    return sum / (one.width() * one.height());
  }

  private static double mean(Picture picture) {
    double sum = 0;
    for (byte value : picture.rgb()) {
      sum += value & 0xff;
    }
    return sum / picture.rgb().length;
  }

  private static Picture apply(String name, Picture picture) {
    return Preprocessor.named(name).orElseThrow().apply(picture);
  }

  @Test
  void unknownNamesAreNoPreprocessors() {
    assertThat(Preprocessor.named("C")).isEmpty();
    assertThat(Preprocessor.names())
        .containsExactly("canny", "grey", "invert", "scribble", "shuffle", "tile");
  }
}
