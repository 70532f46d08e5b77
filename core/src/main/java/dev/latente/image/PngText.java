package dev.latente.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The text chunks of a PNG file: tEXt, zTXt and iTXt (section 11.3.3).
final class PngText {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int LONGEST_KEYWORD = 79;
  private static final int MOST_INFLATED = 16 << 20;

  private PngText() {}

  /// Gives `sink` the type and data of the chunk that holds `value`; zero characters are left out.
  static void write(String keyword, String value, BiConsumer<String, byte[]> sink) {
    if (keyword.isEmpty()
        || keyword.length() > LONGEST_KEYWORD
        || !keyword.chars().allMatch(c -> (c >= ' ' && c <= '~') || (c > 0xa0 && c <= 0xff))) {
      throw new IllegalArgumentException(
          "keyword must be 1 to %d Latin-1 characters: '%s'".formatted(LONGEST_KEYWORD, keyword));
    }
    String text = value.replace("\0", "");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(keyword.getBytes(StandardCharsets.ISO_8859_1));
    data.write(0);
    if (text.chars().allMatch(c -> c <= 0xff)) {
      data.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
      sink.accept("tEXt", data.toByteArray());
    } else {
      data.writeBytes(new byte[4]); // not compressed, method 0, no language, no translated keyword
      data.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      sink.accept("iTXt", data.toByteArray());
    }
  }

  /// All text of the PNG file in `bytes`; a chunk that makes no sense is passed over.
  static Map<String, String> read(byte[] bytes, String origin) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    if (file.remaining() < Long.BYTES || file.getLong() != SIGNATURE) {
      throw new ImageFormatException(origin + ": expected a PNG file, found another kind");
    }
    Map<String, String> text = new LinkedHashMap<>();
    while (file.remaining() >= 12) {
      int length = file.getInt();
      String type = latin1(slice(file, 4));
      if (length < 0 || length > file.remaining() - 4) {
        throw new ImageFormatException(
            "%s: expected a whole PNG file, found its end within a chunk %s of %d bytes"
                .formatted(origin, printable(type), length & 0xffffffffL));
      }
      byte[] data = slice(file, length);
      file.getInt(); // the sum over the chunk
      if (type.equals("tEXt") || type.equals("zTXt") || type.equals("iTXt")) {
        add(text, type, data);
      }
      if (type.equals("IEND")) {
        break;
      }
    }
    return Collections.unmodifiableMap(text);
  }

  private static void add(Map<String, String> text, String type, byte[] data) {
    int end = zero(data, 0);
    String keyword = latin1(Arrays.copyOf(data, end));
    int start = Math.min(end + 1, data.length);
    switch (type) {
      case "tEXt" -> text.putIfAbsent(keyword, string(data, start, StandardCharsets.ISO_8859_1));
      case "zTXt" -> {
        byte[] inflated = inflate(data, start + 1);
        text.putIfAbsent(keyword, latin1(inflated));
      }
      default -> {
        boolean compressed = start < data.length && data[start] == 1;
        int language = zero(data, start + 2);
        int translated = Math.min(zero(data, language + 1) + 1, data.length);
        byte[] value =
            compressed
                ? inflate(data, translated)
                : Arrays.copyOfRange(data, translated, data.length);
        text.putIfAbsent(keyword, new String(value, StandardCharsets.UTF_8));
      }
    }
  }

  private static byte[] inflate(byte[] data, int start) {
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    int from = Math.min(start, data.length);
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(data, from, data.length - from);
      byte[] buffer = new byte[1 << 14];
      int n = inflater.inflate(buffer);
      while (n > 0 && result.size() < MOST_INFLATED) {
        result.write(buffer, 0, n);
        n = inflater.inflate(buffer);
      }
    } catch (DataFormatException _) {
      return result.toByteArray(); // as much as could be read
    }
    return result.toByteArray();
  }

  /// Where the first zero from `start` on is, or the end.
  private static int zero(byte[] data, int start) {
    int i = Math.min(start, data.length);
    while (i < data.length && data[i] != 0) {
      i++;
    }
    return i;
  }

  private static byte[] slice(ByteBuffer file, int length) {
    byte[] bytes = new byte[length];
    file.get(bytes);
    return bytes;
  }

  private static String string(byte[] data, int start, Charset charset) {
    return new String(data, start, data.length - start, charset);
  }

  private static String latin1(byte[] bytes) {
    return string(bytes, 0, StandardCharsets.ISO_8859_1);
  }

  private static String printable(String type) {
    return type.chars().allMatch(c -> c > ' ' && c <= '~') ? "'" + type + "'" : "without a name";
  }
}
