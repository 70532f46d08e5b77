package dev.latente.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class PngTest {
  /// Written by Pillow 12.3.0: `parameters` as tEXt, `wide` as iTXt, `packed` as zTXt and `packed
  /// wide` as compressed iTXt with a language and a translated keyword.
  private static final String OF_PILLOW =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAAGnRFWHRwYXJhbWV0ZXJzAGEgY2Fm6QpTdGVwczogMZq9"
          + "sJEAAAAUaVRYdHdpZGUAAAAAAOadseS6rCDwn5iAkOvXIAAAABR6VFh0cGFja2VkAAB4nEtMJA4AADbrDynvAbqs"
          + "AAAAKWlUWHRwYWNrZWQgd2lkZQABAGphAOW6g+OBhAB4nDu88tncjYdpSwAAUjZIgaitcysAAAAKSURBVHicY/AF"
          + "AABPAE5piwFsAAAAAElFTkSuQmCC";

  @TempDir Path folder;

  @Test
  void javaReadsThePixelsBack() throws IOException {
    for (int[] size : new int[][] {{1, 1}, {37, 23}, {64, 64}}) {
      for (Picture picture : new Picture[] {noise(size[0], size[1]), slope(size[0], size[1])}) {
        byte[] file = Png.encode(picture, Map.of());
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(file));
        assertThat(read.getWidth()).isEqualTo(size[0]);
        assertThat(Picture.of(read)).isEqualTo(picture);
        assertThat(Picture.decode(file, "it")).isEqualTo(picture);
      }
    }
  }

  @Test
  void smoothPicturesArePackedWell() {
    assertThat(Png.encode(slope(256, 256), Map.of())).hasSizeLessThan(256 * 256 / 8);
  }

  @Test
  void sixteenBitsSurvive() throws IOException {
    short[] values = {0, 1, 255, 256, (short) 51234, (short) 65535};
    GreyPicture depth = GreyPicture.of(3, 2, values);
    Path file = folder.resolve("depth.png");
    Png.write(file, depth);
    assertThat(GreyPicture.read(file)).isEqualTo(depth);
    BufferedImage read = ImageIO.read(file.toFile());
    assertThat(read.getRaster().getSample(1, 1, 0)).isEqualTo(51234);
  }

  @Test
  void pillowsSixteenBitsAreRead() {
    byte[] file =
        Base64.getDecoder()
            .decode(
                "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGNkYDyhCAABvgDsh6H9sAAAAABJ"
                    + "RU5ErkJggg==");
    GreyPicture picture = GreyPicture.decode(file, "it");
    assertThat(picture.at(0, 0)).isEqualTo(1);
    assertThat(picture.at(1, 0)).isEqualTo(51234);
  }

  @Test
  void pillowsTextIsRead() {
    byte[] file = Base64.getDecoder().decode(OF_PILLOW);
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("parameters", "a café\nSteps: 1");
    expected.put("wide", "東京 😀");
    expected.put("packed", "a".repeat(40));
    expected.put("packed wide", "é東".repeat(20));
    assertThat(Png.text(file, "it")).containsExactlyEntriesOf(expected);
    assertThat(Picture.decode(file, "it").at(0, 0)).isEqualTo(77 * 0x010101);
  }

  @Test
  void textGoesIntoTheChunkThatHoldsIt() throws IOException {
    Map<String, String> text = new LinkedHashMap<>();
    text.put("parameters", "un niño, 50 €\nSteps: 2");
    text.put("Title", "café\n");
    text.put("Empty", "");
    byte[] file = Png.encode(noise(2, 2), text);
    assertThat(Png.text(file, "it")).containsExactlyEntriesOf(text);
    assertThat(chunks(file)).isEqualTo("IHDR iTXt tEXt tEXt IDAT IEND");
    // Java's own reader agrees
    var metadata = metadata(file).getElementsByTagName("tEXtEntry");
    assertThat(metadata.item(0).getAttributes().getNamedItem("value").getNodeValue())
        .isEqualTo("café\n");
    var wide = metadata(file).getElementsByTagName("iTXtEntry");
    assertThat(wide.item(0).getAttributes().getNamedItem("text").getNodeValue())
        .isEqualTo("un niño, 50 €\nSteps: 2");
  }

  @Test
  void hostileTextIsKeptOrRefused() {
    byte[] file = Png.encode(noise(1, 1), Map.of("a", "zero\0 half \uD83D pair"));
    assertThat(Png.text(file, "it")).containsEntry("a", "zero half ? pair");
    assertThat(Png.encode(noise(1, 1), Map.of("a", "x".repeat(1_000_000))))
        .hasSizeGreaterThan(1_000_000);
    for (String keyword : new String[] {"", "x".repeat(80), "a\0b", "日本", "a\n"}) {
      assertThatThrownBy(() -> Png.encode(noise(1, 1), Map.of(keyword, "b")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("keyword must be 1 to 79 Latin-1 characters:");
    }
  }

  @Test
  void aFileIsReplacedWholeAndNothingIsLeftBeside() throws IOException {
    Path file = folder.resolve("a picture ü.png");
    Png.write(file, noise(4, 4), Map.of("a", "1"));
    Png.write(file, noise(8, 8), Map.of("a", "2"));
    assertThat(Png.text(file)).containsExactly(Map.entry("a", "2"));
    assertThat(Picture.read(file)).isEqualTo(noise(8, 8));
    assertThat(folder).isDirectoryContaining(path -> path.equals(file));
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void unwritablePlacesAreNamed() throws IOException {
    assertUnwritable(folder, ": expected a file to write, found a folder");
    Path none = folder.resolve("none").resolve("a.png");
    assertUnwritable(
        none, ": expected a folder " + folder.resolve("none") + " to write into, found nothing");
    Path file = Files.createFile(folder.resolve("file"));
    assertUnwritable(
        file.resolve("a.png"), ": expected a folder " + file + " to write into, found a file");
    assertUnwritable(
        folder.resolve("x".repeat(300) + ".png"), ": cannot be written: File name too long");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aReadOnlyFolderIsNamed() throws IOException {
    Path locked = Files.createDirectory(folder.resolve("locked"));
    assertThat(locked.toFile().setWritable(false)).isTrue();
    try {
      assumeThat(Files.isWritable(locked)).as("this user may write anywhere").isFalse();
      assertUnwritable(locked.resolve("a.png"), ": expected a place to write, found it read-only");
    } finally {
      assertThat(locked.toFile().setWritable(true)).isTrue();
    }
  }

  @Test
  void brokenFilesAreRefused() throws IOException {
    byte[] whole = Png.encode(noise(32, 32), Map.of("a", "b"));
    assertFault(new byte[0], "found an empty file");
    assertFault("hello, I am text".getBytes(UTF_8), "found other bytes: 68 65 6c 6c 6f 2c 20 49");
    assertFault(Arrays.copyOf(whole, 60), "expected a whole picture, found a broken one:");
    assertFault(
        Arrays.copyOf(whole, whole.length / 2), "expected a whole picture, found a broken one");
    byte[] huge = whole.clone();
    ByteBuffer.wrap(huge).putInt(16, 1_000_000).putInt(20, 1_000_000);
    assertFault(huge, "it: expected ");
    Path none = folder.resolve("none.png");
    assertThatThrownBy(() -> Picture.read(none))
        .isInstanceOf(ImageFormatException.class)
        .hasMessage(none + ": expected a picture, found no such file");
    assertThatThrownBy(() -> Picture.read(folder))
        .isInstanceOf(ImageFormatException.class)
        .hasMessage(folder + ": expected a picture, found a folder");
  }

  @Test
  void brokenChunksAreRefusedOrPassedOver() {
    byte[] whole = Png.encode(noise(4, 4), Map.of("a", "b"));
    assertThatThrownBy(() -> Png.text("GIF89a, not PNG".getBytes(UTF_8), "it"))
        .isInstanceOf(ImageFormatException.class)
        .hasMessage("it: expected a PNG file, found another kind");
    byte[] negative = whole.clone();
    ByteBuffer.wrap(negative).putInt(33, -5);
    assertThatThrownBy(() -> Png.text(negative, "it"))
        .isInstanceOf(ImageFormatException.class)
        .hasMessage(
            "it: expected a whole PNG file, found its end within a chunk 'tEXt' of 4294967291"
                + " bytes");
    for (int cut = 8; cut < whole.length; cut++) {
      byte[] part = Arrays.copyOf(whole, cut);
      try {
        assertThat(Png.text(part, "it").getOrDefault("a", "b")).isEqualTo("b");
      } catch (ImageFormatException e) {
        assertThat(e).hasMessageStartingWith("it: expected a whole PNG file");
      }
    }
  }

  @Test
  void changedBytesNeverCrashAReader() {
    Random random = new Random(3);
    byte[] pillow = Base64.getDecoder().decode(OF_PILLOW);
    int refused = 0;
    for (int i = 0; i < 600; i++) {
      byte[] changed = pillow.clone();
      changed[8 + random.nextInt(changed.length - 8)] ^= (byte) (1 << random.nextInt(8));
      changed[8 + random.nextInt(changed.length - 8)] = (byte) random.nextInt();
      try {
        Png.text(changed, "it");
        Picture.decode(changed, "it");
      } catch (ImageFormatException _) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1, 599);
  }

  private void assertUnwritable(Path file, String message) {
    assertThatThrownBy(() -> Png.write(file, noise(2, 2), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage(file + message);
  }

  private static void assertFault(byte[] file, String message) {
    assertThatThrownBy(() -> Picture.decode(file, "it"))
        .isInstanceOf(ImageFormatException.class)
        .hasMessageStartingWith("it: expected ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private static String chunks(byte[] file) {
    StringBuilder names = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.wrap(file);
    for (int at = 8; at < file.length; at += 12 + buffer.getInt(at)) {
      names.append(names.isEmpty() ? "" : " ").append(new String(file, at + 4, 4, UTF_8));
    }
    return names.toString();
  }

  private static Element metadata(byte[] file) throws IOException {
    var reader = ImageIO.getImageReadersByFormatName("png").next();
    reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(file)));
    return (Element) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
  }

  private static Picture noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(width).nextBytes(rgb);
    return Picture.of(width, height, rgb);
  }

  private static Picture slope(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 % width + i / 3 / width);
    }
    return Picture.of(width, height, rgb);
  }
}
