package dev.latente.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against Pillow 12.3.0's `Image.resize`.
class ResamplingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          NEAREST; 3; 10 200 255
          BOX; 3; 87 115 116
          BILINEAR; 3; 66 134 139
          BICUBIC; 3; 64 141 133
          LANCZOS; 3; 61 149 130
          NEAREST; 13; 0 0 10 250 250 30 200 200 90 90 255 4 4
          BOX; 13; 0 0 10 250 250 30 200 200 90 90 255 4 4
          BILINEAR; 13; 0 4 19 167 191 55 115 187 120 147 249 110 4
          BICUBIC; 13; 0 0 15 192 214 40 108 198 107 143 255 107 0
          LANCZOS; 13; 7 0 18 209 213 42 101 201 103 147 255 112 0
          """)
  void aRowIsPillows(Resampling resampling, int width, String expected) {
    int[] row = {0, 10, 250, 30, 200, 90, 255, 4};
    byte[] rgb = new byte[3 * row.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) row[i / 3];
    }
    Picture resized = Picture.of(row.length, 1, rgb).resized(width, 1, resampling);
    byte[] found = resized.rgb();
    int[] reds = new int[width];
    for (int x = 0; x < width; x++) {
      reds[x] = found[3 * x] & 0xff;
    }
    assertThat(reds)
        .containsExactly(Arrays.stream(expected.split(" ")).mapToInt(Integer::parseInt).toArray());
  }

  /// The first 16 hexadecimal digits of SHA-256 over the resized picture's bytes.
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      textBlock =
          """
          NEAREST 16 16 249618561545184e
          NEAREST 64 48 87f1908df3e94366
          NEAREST 37 7 4c071572a6bc80bf
          NEAREST 90 23 79cdccec4d7e55ed
          NEAREST 1 1 adfa1f49ebb7a3e0
          NEAREST 8 8 361ffae4e8e3803f
          BOX 16 16 89d400a16f671e91
          BOX 64 48 87f1908df3e94366
          BOX 37 7 bb166e0df2726d74
          BOX 90 23 79cdccec4d7e55ed
          BOX 1 1 e6df9caf9562876b
          BOX 8 8 141ccb87e35b1897
          BILINEAR 16 16 7dfa42857679fe68
          BILINEAR 64 48 d8340ef6300f06b8
          BILINEAR 37 7 df49bfbda415b38e
          BILINEAR 90 23 ec790d857ae8a009
          BILINEAR 1 1 d732297babadbbda
          BILINEAR 8 8 824ca4e74ed575e1
          BICUBIC 16 16 243636ad5338930c
          BICUBIC 64 48 8f2b11a22dab75ca
          BICUBIC 37 7 6b24878dc9cc2f88
          BICUBIC 90 23 b8c373647629ed74
          BICUBIC 1 1 fe517f7870528680
          BICUBIC 8 8 c3c77e0569adfe83
          LANCZOS 16 16 4d5402e4ae8897ba
          LANCZOS 64 48 07c240e5c34a1e55
          LANCZOS 37 7 6afe7d6c830fab6e
          LANCZOS 90 23 f8656208821c181e
          LANCZOS 1 1 fe517f7870528680
          LANCZOS 8 8 bd7f423c03c16312
          """)
  void aPictureIsPillows(Resampling resampling, int width, int height, String digest)
      throws NoSuchAlgorithmException {
    Picture resized = noise(37, 23).resized(width, height, resampling);
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(resized.rgb());
    assertThat(HexFormat.of().formatHex(sum, 0, 8)).isEqualTo(digest);
  }

  @Test
  void theSameSizeIsTheSamePicture() {
    Picture picture = noise(9, 7);
    for (Resampling resampling : Resampling.values()) {
      assertThat(picture.resized(9, 7, resampling)).isEqualTo(picture);
    }
  }

  private static Picture noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    int state = 12345;
    for (int i = 0; i < rgb.length; i++) {
      state = state * 1103515245 + 12345 & 0x7fffffff;
      rgb[i] = (byte) (state >> 16);
    }
    return Picture.of(width, height, rgb);
  }
}
