package dev.latente.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExifOrientationTest {
  private static final int[] RED_GREEN_BLUE_WHITE = {0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF};

  /// The corners (top left, top right, bottom left, bottom right) after the turn that each value
  /// asks for.
  @ParameterizedTest
  @CsvSource({"1,RGBW", "2,GRWB", "3,WBGR", "4,BWRG", "5,RBGW", "6,BRWG", "7,WGBR", "8,GWRB"})
  void aPhotographStandsUpright(int orientation, String corners) throws IOException {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      Picture picture = Picture.decode(photograph(orientation, order), "it");
      boolean turned = orientation > 4;
      assertThat(picture.width()).isEqualTo(turned ? 16 : 32);
      assertThat(picture.height()).isEqualTo(turned ? 32 : 16);
      int right = picture.width() - 1;
      int bottom = picture.height() - 1;
      String found =
          name(picture.at(0, 0))
              + name(picture.at(right, 0))
              + name(picture.at(0, bottom))
              + name(picture.at(right, bottom));
      assertThat(found).isEqualTo(corners);
    }
  }

  @Test
  void aBrokenRemarkIsPassedOver() throws IOException {
    byte[] file = photograph(6, ByteOrder.BIG_ENDIAN);
    Random random = new Random(1);
    for (int i = 0; i < 5000; i++) {
      byte[] changed = file.clone();
      for (int j = 0; j < 3; j++) {
        changed[2 + random.nextInt(40)] = (byte) random.nextInt();
      }
      assertThat(ExifOrientation.of(changed)).isIn((Object[]) ExifOrientation.values());
    }
    for (int length = 0; length < 60; length++) {
      assertThat(ExifOrientation.of(Arrays.copyOf(file, length)))
          .isIn(ExifOrientation.UPRIGHT, ExifOrientation.RIGHT);
    }
    assertThat(ExifOrientation.of(photograph(9, ByteOrder.BIG_ENDIAN)))
        .isEqualTo(ExifOrientation.UPRIGHT);
  }

  /// A JPEG file of 32 x 16 with four coloured corners, and a remark put behind its first two
  /// bytes.
  private static byte[] photograph(int orientation, ByteOrder order) throws IOException {
    BufferedImage image = new BufferedImage(32, 16, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 32; x++) {
        image.setRGB(x, y, RED_GREEN_BLUE_WHITE[x / 16 + 2 * (y / 8)]);
      }
    }
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "jpeg", jpeg)).isTrue();
    ByteBuffer tiff = ByteBuffer.allocate(26).order(order);
    tiff.put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII));
    tiff.putShort((short) 42).putInt(8).putShort((short) 1);
    tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    ByteBuffer app1 = ByteBuffer.allocate(4 + 6 + 26).putShort((short) 0xFFE1).putShort((short) 34);
    app1.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(tiff.array());
    byte[] file = jpeg.toByteArray();
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    result.write(file, 0, 2);
    result.writeBytes(app1.array());
    result.write(file, 2, file.length - 2);
    return result.toByteArray();
  }

  private static String name(int rgb) {
    boolean red = (rgb >> 16 & 0xff) > 128;
    boolean green = (rgb >> 8 & 0xff) > 128;
    boolean blue = (rgb & 0xff) > 128;
    if (red && green && blue) {
      return "W";
    }
    return red ? "R" : green ? "G" : blue ? "B" : "?";
  }
}
