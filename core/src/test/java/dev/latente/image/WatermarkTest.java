package dev.latente.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatermarkTest {
  private static final Watermark MARK = Watermark.LATENTE;

  /// Something between a drawing and a photograph: a sky, hills, discs with edges, and grain.
  private static Picture scene(int width, int height, long seed) {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    double sky = random.nextDouble(200);
    double wave = 2 + random.nextDouble(12);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        boolean hill = y > height * (0.6 + 0.1 * Math.sin(wave * x / width));
        int grain = (int) (random.nextGaussian() * (hill ? 9 : 2));
        int grey = Math.clamp((long) (hill ? 70 : sky + 60.0 * y / height) + grain, 0, 255);
        image.setRGB(x, y, grey << 16 | (hill ? 120 : grey) << 8 | Math.min(255, grey + 30));
      }
    }
    var pen = image.createGraphics();
    for (int i = 0; i < 12; i++) {
      pen.setColor(new java.awt.Color(random.nextInt(0x1000000)));
      int side = (int) ((0.03 + random.nextDouble() * 0.25) * width);
      pen.fillOval(random.nextInt(width), random.nextInt(height), side, side);
    }
    pen.dispose();
    return Picture.of(image);
  }

  private static Picture jpeg(Picture picture, float quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam how = writer.getDefaultWriteParam();
    how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    how.setCompressionQuality(quality);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture.toBufferedImage(), null, null), how);
    } finally {
      writer.dispose();
    }
    return Picture.decode(bytes.toByteArray(), "jpeg");
  }

  private static Picture shrunk(Picture picture, Resampling how) {
    return picture.resized(picture.width() * 3 / 4, picture.height() * 3 / 4, how);
  }

  private static double psnr(Picture a, Picture b) {
    byte[] x = a.rgb();
    byte[] y = b.rgb();
    double sum =
        IntStream.range(0, x.length)
            .mapToDouble(i -> Math.pow((x[i] & 0xff) - (y[i] & 0xff), 2))
            .sum();
    return 10 * Math.log10(255 * 255 / (sum / x.length));
  }

  private static void assertFound(Picture picture) {
    assertThat(MARK.detect(picture).found()).as("score %s", MARK.detect(picture).score()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"128,128,6", "192,128,3", "256,256,3", "512,384,2", "1024,1024,1"})
  void theMarkSurvivesJpegAndResizing(int width, int height, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Picture picture = scene(width, height, i);
      Picture marked = MARK.mark(picture);
      assertThat(psnr(picture, marked)).isGreaterThan(40);
      assertThat(MARK.detect(picture).found()).isFalse();
      assertFound(marked);
      assertFound(jpeg(marked, 0.9f));
      assertFound(shrunk(marked, Resampling.BICUBIC));
      assertFound(jpeg(shrunk(marked, Resampling.LANCZOS), 0.9f));
      assertFound(
          shrunk(jpeg(marked, 0.9f), Resampling.BILINEAR)
              .resized(width, height, Resampling.BICUBIC));
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "128", "255"})
  void evenAnEmptyPictureCanCarryIt(int grey) throws IOException {
    byte[] rgb = new byte[3 * 256 * 256];
    Arrays.fill(rgb, (byte) grey);
    Picture marked = MARK.mark(Picture.of(256, 256, rgb));
    assertFound(jpeg(shrunk(marked, Resampling.BICUBIC), 0.9f));
  }

  /// A score is the best of three bands that are nearly normal: 5 would come once in a million.
  @Test
  void picturesWithoutItAreNotAccused() {
    double highest = 0;
    double sum = 0;
    int count = 300;
    for (int i = 0; i < count; i++) {
      double score = MARK.detect(scene(128, 128, 1000 + i)).score();
      highest = Math.max(highest, score);
      sum += score;
    }
    assertThat(highest).isLessThan(5);
    assertThat(sum / count).isBetween(0.2, 1.0); // of the best of such bands: about 0.6
  }

  @Test
  void randomNoiseIsNotAccused() {
    byte[] rgb = new byte[3 * 96 * 96];
    for (int seed = 0; seed < 200; seed++) {
      new Random(seed).nextBytes(rgb);
      assertThat(MARK.detect(Picture.of(96, 96, rgb)).score()).isLessThan(5);
    }
  }

  /// The signs of other keys agree with a marked picture as little as with any other.
  @Test
  void anotherKeyFindsNothing() {
    Picture marked = MARK.mark(scene(128, 128, 1));
    double[] scores =
        IntStream.range(0, 200).mapToDouble(k -> Watermark.of(k).detect(marked).score()).toArray();
    assertThat(Arrays.stream(scores).max().orElseThrow()).isLessThan(5);
    double power = Arrays.stream(scores).map(score -> score * score).average().orElseThrow();
    assertThat(power).isBetween(0.4, 1.6);
  }

  @Test
  void equalPicturesAreMarkedEquallyAndTheOriginalStays() {
    Picture picture = scene(64, 72, 1);
    Picture before = Picture.of(64, 72, picture.rgb());
    assertThat(MARK.mark(picture)).isEqualTo(MARK.mark(scene(64, 72, 1))).isNotEqualTo(picture);
    assertThat(picture).isEqualTo(before);
  }

  @Test
  void tooSmallAPictureStaysAsItIs() {
    Picture picture = scene(56, 200, 1);
    assertThat(MARK.mark(picture)).isSameAs(picture);
    assertThat(MARK.detect(scene(8, 8, 1)).found()).isFalse();
  }

  /// The transform against its definition, for a plane that is no square.
  @Test
  void aBandOfCosinesIsTheTextbooks() {
    int width = 11;
    int height = 7;
    float[] plane = new float[width * height];
    Random random = new Random(3);
    for (int i = 0; i < plane.length; i++) {
      plane[i] = random.nextFloat();
    }
    CosineBand band = CosineBand.of(width, height, 7);
    float[] found = band.analyse(plane);
    double sum = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        sum +=
            plane[y * width + x]
                * Math.cos(Math.PI * (2 * x + 1) * 3 / (2.0 * width))
                * Math.cos(Math.PI * (2 * y + 1) * 2 / (2.0 * height));
      }
    }
    assertThat((double) found[2 * 7 + 3])
        .isCloseTo(sum * 2 / Math.sqrt(width * height), org.assertj.core.data.Offset.offset(1e-5));
    assertThat(band.analyse(band.synthesise(found)))
        .containsExactly(found, org.assertj.core.data.Offset.offset(1e-5f));
  }
}
