package dev.latente.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files as other programs write them; these are Pillow's, of 8x8 pixels.
class ForeignPicturesTest {
  /// Cyan 255 in the upper half, black 20 everywhere.
  private static final String CMYK_JPEG =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggL"
          + "CAkKCgoKCgYICwwLCgwJCgoK/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgME"
          + "BQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJ"
          + "ChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeY"
          + "mZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBN"
          + "AFkASwAAPwBv/EDH/wBZRf8AzCf/AN+q/fyv38r9rK//2Q==";

  private static final String WEBP = "UklGRh4AAABXRUJQVlA4TBEAAAAvB8ABAAdQjyIXpf+BiOh/AAA=";

  /// A red picture, then a blue one.
  private static final String ANIMATED_WEBP =
      "UklGRoYAAABXRUJQVlA4WAoAAAACAAAABwAABwAAQU5JTQYAAAAAAAAAAABBTk1GKgAAAAAAAAAAAAcAAAcAAAAAAAJW"
          + "UDhMEQAAAC8HwAEAB1CPIhel/4GI6H8AAEFOTUYoAAAAAAAAAAAABwAABwAAAAAAAFZQOEwPAAAALwfAAQAHENH/"
          + "/gciov8BAA==";

  private static final String ANIMATED_PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAACGFjVEwAAAACAAAAAPONk3AAAAAaZmNUTAAAAAAA"
          + "AAAIAAAACAAAAAAAAAAAAAAAAQAAw3t8MwAAABRJREFUeJxjPCGnwYANMGEVHbQSANh8AR5slFDHAAAAGmZjVEwA"
          + "AAABAAAACAAAAAgAAAAAAAAAAAAAAAEAAFgIlucAAAAYZmRBVAAAAAJ4nGMUkTvBgA0wYRUdtBIAx7ABChF9TyIA"
          + "AAAASUVORK5CYII=";

  private static final String ANIMATED_GIF =
      "R0lGODdhCAAIAIEAAMgeKAAAAAAAAAAAACwAAAAACAAIAAAIDwABCBxIsKDBgwgTKkwYEAAh+QQBAAABACwAAAAA"
          + "CAAIAIEUHsgAAAAAAAAAAAAIDwABCBxIsKDBgwgTKkwYEAA7";

  private static Picture decode(String base64) {
    return Picture.decode(Base64.getDecoder().decode(base64), "file");
  }

  @Test
  void aJpegOfInksIsRead() {
    Picture picture = decode(CMYK_JPEG);
    assertNear(picture.at(1, 1), 0, 235, 235);
    assertNear(picture.at(1, 6), 235, 235, 235);
  }

  /// Pillow refuses each of these too: "image file is truncated".
  @Test
  void aFileThatIsCutOffIsRefused() {
    for (String file : new String[] {CMYK_JPEG, WEBP, ANIMATED_WEBP}) {
      byte[] whole = Base64.getDecoder().decode(file);
      for (int length = 1; length < whole.length; length++) {
        byte[] part = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> Picture.decode(part, "file"))
            .as("%d of %d bytes", length, whole.length)
            .isInstanceOf(ImageFormatException.class)
            .hasMessageStartingWith("file: expected a ");
      }
    }
  }

  /// As cameras and editors leave them; Pillow reads them.
  @Test
  void bytesBehindAPictureDoNotMatter() {
    byte[] whole = Base64.getDecoder().decode(CMYK_JPEG);
    byte[] more = Arrays.copyOf(whole, whole.length + 100);
    assertThat(Picture.decode(more, "file")).isEqualTo(decode(CMYK_JPEG));
  }

  /// Inks have no one colour: profiles differ by some dozens of levels.
  private static void assertNear(int rgb, int... expected) {
    for (int c = 0; c < expected.length; c++) {
      assertThat(rgb >> (16 - 8 * c) & 0xff).isBetween(expected[c] - 40, expected[c] + 40);
    }
  }

  @Test
  void webpIsRead() {
    assertThat(decode(WEBP).at(3, 3)).isEqualTo(0xC81E28);
  }

  @ParameterizedTest
  @ValueSource(strings = {ANIMATED_WEBP, ANIMATED_PNG, ANIMATED_GIF})
  void ofAnAnimationTheFirstPictureIsRead(String animated) {
    Picture picture = decode(animated);
    assertThat(picture.width()).isEqualTo(8);
    assertThat(picture.at(3, 3)).isEqualTo(0xC81E28);
    byte[] file = Base64.getDecoder().decode(animated);
    assertThat(Frames.in(file)).isEqualTo(2);
    for (int length = 0; length < file.length; length++) {
      assertThat(Frames.in(Arrays.copyOf(file, length))).isBetween(1, 2); // never fails
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WEBP, CMYK_JPEG})
  void whatDoesNotMoveHasOnePicture(String still) {
    assertThat(Frames.in(Base64.getDecoder().decode(still))).isEqualTo(1);
  }

  @Test
  void aHeaderThatPromisesTooMuchIsRefusedBeforeAnythingIsMade() {
    ByteBuffer chunk = ByteBuffer.allocate(17);
    chunk.put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(20_000).putInt(20_000);
    chunk.put(new byte[] {16, 6, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(chunk.array());
    ByteBuffer file = ByteBuffer.allocate(8 + 4 + 17 + 4);
    file.putLong(0x89504E470D0A1A0AL).putInt(13).put(chunk.array()).putInt((int) crc.getValue());
    assertThatThrownBy(() -> Picture.decode(file.array(), "huge.png"))
        .isInstanceOf(ImageFormatException.class)
        .hasMessage("huge.png: expected at most 67108864 pixels, found 20000x20000");
  }
}
