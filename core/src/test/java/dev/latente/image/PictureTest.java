package dev.latente.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class PictureTest {
  @Test
  void floatsAreRoundedHalfToEven() {
    // numpy, in float32: (x / 2 + 0.5) * 255 is 127.5, 64.5, 65.5 here, exactly; the ends are cut
    float[] channel = {0f, -0.49411765f, -0.4862745f, -1, 1, -7, 7, Float.NaN};
    float[] chw = new float[24];
    for (int c = 0; c < 3; c++) {
      System.arraycopy(channel, 0, chw, 8 * c, 8);
    }
    assertThat(reds(Picture.ofFloats(8, 1, chw))).containsExactly(128, 64, 66, 0, 255, 0, 255, 0);
  }

  @Test
  void channelsComeFromPlanes() {
    Picture picture = Picture.ofFloats(2, 1, new float[] {1, -1, -1, 1, 0.2f, -1});
    assertThat(picture.at(0, 0)).isEqualTo(0xFF0099);
    assertThat(picture.at(1, 0)).isEqualTo(0x00FF00);
  }

  @Test
  void floatsAndBackIsTheSamePicture() {
    byte[] all = new byte[3 * 256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (i / 3);
    }
    Picture picture = Picture.of(16, 16, all);
    float[] floats = picture.toFloats();
    assertThat(floats[0]).isEqualTo(-1f);
    assertThat(floats[255]).isEqualTo(1f);
    assertThat(floats[51]).isCloseTo(-0.6f, within(1e-6f));
    assertThat(Picture.ofFloats(16, 16, floats)).isEqualTo(picture).hasSameHashCodeAs(picture);
  }

  @Test
  void aPictureKeepsItsOwnBytes() {
    byte[] rgb = {1, 2, 3};
    Picture picture = Picture.of(1, 1, rgb);
    rgb[0] = 9;
    picture.rgb()[1] = 9;
    assertThat(picture.at(0, 0)).isEqualTo(0x010203);
  }

  @Test
  void javasImagesGoBothWays() {
    Picture picture = Picture.of(2, 1, new byte[] {1, 2, 3, (byte) 250, 0, (byte) 200});
    assertThat(Picture.of(picture.toBufferedImage())).isEqualTo(picture);
  }

  @Test
  void whatShinesThroughIsLaidOnWhite() {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00123456);
    image.setRGB(1, 0, 0xFF123456);
    image.setRGB(2, 0, 0x80000000);
    Picture picture = Picture.of(image);
    assertThat(picture.at(0, 0)).isEqualTo(0xFFFFFF);
    assertThat(picture.at(1, 0)).isEqualTo(0x123456);
    assertThat(picture.at(2, 0)).isEqualTo(0x7F7F7F);
  }

  @Test
  void greyStaysAsBright() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, 100);
    assertThat(Picture.of(image).at(0, 0)).isEqualTo(0x646464);
    BufferedImage deep = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(0, 0, 0, 100 * 257);
    assertThat(Picture.of(deep).at(0, 0)).isEqualTo(0x646464);
  }

  @Test
  void aPartIsCutOut() {
    Picture picture =
        Picture.of(3, 2, new byte[] {0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0, 5});
    assertThat(picture.cropped(1, 0, 2, 2))
        .isEqualTo(Picture.of(2, 2, new byte[] {0, 0, 1, 0, 0, 2, 0, 0, 4, 0, 0, 5}));
    assertFault(
        () -> picture.cropped(2, 0, 2, 1), "the part 2x1 at (2, 0) must lie in the picture of 3x2");
    assertFault(
        () -> picture.cropped(Integer.MAX_VALUE, 0, 2, 1),
        "the part 2x1 at (2147483647, 0) must lie in the picture of 3x2");
  }

  @Test
  void wrongCallsAreRefused() {
    assertFault(
        () -> Picture.of(0, 5, new byte[0]), "size must be from 1x1 to 67108864 pixels: 0x5");
    assertFault(
        () -> Picture.of(1 << 20, 1 << 20, new byte[0]),
        "size must be from 1x1 to 67108864 pixels: 1048576x1048576");
    assertFault(() -> Picture.of(2, 2, new byte[3]), "a picture of 2x2 needs 12 bytes: 3");
    assertFault(
        () -> Picture.ofFloats(2, 2, new float[16]), "a picture of 2x2 needs 12 numbers: 16");
    assertFault(
        () -> Picture.of(1, 1, new byte[3]).at(1, 0),
        "pixel must lie in the picture of 1x1: (1, 0)");
  }

  private static void assertFault(Runnable call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  private static int[] reds(Picture picture) {
    int[] reds = new int[picture.width()];
    for (int x = 0; x < reds.length; x++) {
      reds[x] = picture.at(x, 0) >> 16;
    }
    return reds;
  }
}
