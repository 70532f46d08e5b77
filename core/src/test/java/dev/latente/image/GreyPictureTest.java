package dev.latente.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GreyPictureTest {
  @Test
  void floatsAreRoundedAndCut() {
    GreyPicture picture = GreyPicture.ofFloats(3, 2, new float[] {-1, 0, 0.5f, 1, 2, Float.NaN});
    int[] values = {
      picture.at(0, 0), picture.at(1, 0), picture.at(2, 0),
      picture.at(0, 1), picture.at(1, 1), picture.at(2, 1)
    };
    assertThat(values).containsExactly(0, 0, 32768, 65535, 65535, 0);
    assertThat(picture.toFloats()).containsExactly(0, 0, 32768 / 65535f, 1, 1, 0);
  }

  @Test
  void aColouredPictureBecomesItsBrightness() {
    // Pillow: Image.new("RGB", (1, 1), (200, 100, 50)).convert("L") is 124
    byte[] file = Png.encode(Picture.of(1, 1, new byte[] {(byte) 200, 100, 50}), Map.of());
    assertThat(GreyPicture.decode(file, "it").at(0, 0)).isEqualTo(124 * 257);
  }

  @Test
  void eightBitsAreStretched() {
    // Pillow's "LA" with 100 opaque and 100 transparent: the values count, not what shines through
    byte[] file =
        Base64.getDecoder()
            .decode(
                "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAQAAABeK7cBAAAADUlEQVR4nGNM+c/ACAAEmAFm/lCPFgAAAABJRU5E"
                    + "rkJggg==");
    GreyPicture picture = GreyPicture.decode(file, "it");
    assertThat(picture.at(0, 0)).isEqualTo(25700);
    assertThat(picture.at(1, 0)).isEqualTo(25700);
    assertThat(Picture.decode(file, "it").at(0, 0)).isEqualTo(0x646464);
    assertThat(Picture.decode(file, "it").at(1, 0)).isEqualTo(0xFFFFFF);
  }

  @Test
  void itCanBeLookedAt() {
    GreyPicture picture = GreyPicture.of(2, 1, new short[] {(short) 65535, (short) 25700});
    assertThat(picture.toPicture())
        .isEqualTo(Picture.of(2, 1, new byte[] {-1, -1, -1, 100, 100, 100}));
  }

  @Test
  void wrongCallsAreRefused() {
    assertThatThrownBy(() -> GreyPicture.of(2, 2, new short[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a picture of 2x2 needs 4 values: 3");
    assertThatThrownBy(() -> GreyPicture.of(1, 1, new short[1]).at(0, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pixel must lie in the picture of 1x1: (0, -1)");
  }
}
