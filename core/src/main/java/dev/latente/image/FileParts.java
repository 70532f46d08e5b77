package dev.latente.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The parts that picture files are made of: segments of a JPEG file, chunks of a WebP or PNG file.
final class FileParts {
  private static final int START_OF_IMAGE = 0xFFD8;
  private static final int START_OF_SCAN = 0xFFDA;
  private static final int APP1 = 0xFFE1;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final int RIFF_HEADER = 12; // "RIFF", size, "WEBP"
  private static final int PNG_SIGNATURE = 8;

  private FileParts() {}

  /// The remarks of a camera, as the bytes of a TIFF file.
  ///
  /// @throws IndexOutOfBoundsException or another of its kind if the file ends too early
  static Optional<ByteBuffer> exif(byte[] file) {
    if (isWebp(file)) {
      return chunk(file, RIFF_HEADER, "EXIF");
    }
    return isPng(file) ? pngChunk(file, "eXIf") : segment(ByteBuffer.wrap(file));
  }

  /// Whether `file` begins as a WebP file does.
  static boolean isWebp(byte[] file) {
    return file.length > RIFF_HEADER
        && name(file, 0).equals("RIFF")
        && name(file, 8).equals("WEBP");
  }

  private static boolean isPng(byte[] file) {
    return file.length > PNG_SIGNATURE && file[0] == (byte) 0x89 && file[1] == 'P';
  }

  /// Width and height that a WebP file says: [RFC 9649](https://www.rfc-editor.org/rfc/rfc9649).
  static Optional<int[]> webpSize(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int data = RIFF_HEADER + 8;
    if (file.length < data + 10) {
      return Optional.empty();
    }
    return switch (name(file, RIFF_HEADER)) {
      case "VP8 " ->
          Optional.of(
              new int[] {bytes.getShort(data + 6) & 0x3fff, bytes.getShort(data + 8) & 0x3fff});
      case "VP8L" -> {
        int packed = bytes.getInt(data + 1);
        yield Optional.of(new int[] {(packed & 0x3fff) + 1, (packed >>> 14 & 0x3fff) + 1});
      }
      case "VP8X" ->
          Optional.of(new int[] {1 + threeBytes(bytes, data + 4), 1 + threeBytes(bytes, data + 7)});
      default -> Optional.empty();
    };
  }

  private static int threeBytes(ByteBuffer bytes, int at) {
    return bytes.getShort(at) & 0xffff | (bytes.get(at + 2) & 0xff) << 16;
  }

  private static Optional<ByteBuffer> segment(ByteBuffer file) {
    if ((file.getShort() & 0xffff) != START_OF_IMAGE) {
      return Optional.empty();
    }
    for (int marker = file.getShort() & 0xffff;
        marker > 0xFF00 && marker != START_OF_SCAN;
        marker = file.getShort() & 0xffff) {
      int length = (file.getShort() & 0xffff) - 2;
      ByteBuffer segment = file.slice(file.position(), length);
      if (marker == APP1 && startsWithExif(segment)) {
        return Optional.of(segment.slice(EXIF.length, length - EXIF.length));
      }
      file.position(file.position() + length);
    }
    return Optional.empty();
  }

  /// The data of the chunk `wanted` of a RIFF file; some programs put a JPEG's mark before it.
  private static Optional<ByteBuffer> chunk(byte[] file, int start, String wanted) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = start;
    while (at + 8 <= file.length) {
      int length = bytes.getInt(at + 4);
      if (length < 0 || length > file.length - at - 8) {
        return Optional.empty();
      }
      if (name(file, at).equals(wanted)) {
        ByteBuffer data = bytes.slice(at + 8, length);
        boolean marked = startsWithExif(data);
        return Optional.of(marked ? data.slice(EXIF.length, length - EXIF.length) : data);
      }
      at += 8 + length + (length & 1);
    }
    return Optional.empty();
  }

  private static Optional<ByteBuffer> pngChunk(byte[] file, String wanted) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    int at = PNG_SIGNATURE;
    while (at + 12 <= file.length) {
      int length = bytes.getInt(at);
      if (length < 0 || length > file.length - at - 12) {
        return Optional.empty();
      }
      if (name(file, at + 4).equals(wanted)) {
        return Optional.of(bytes.slice(at + 8, length));
      }
      at += 12 + length;
    }
    return Optional.empty();
  }

  private static boolean startsWithExif(ByteBuffer data) {
    if (data.limit() < EXIF.length) {
      return false;
    }
    byte[] start = new byte[EXIF.length];
    data.get(0, start);
    return Arrays.equals(start, EXIF);
  }

  private static String name(byte[] file, int at) {
    return new String(file, at, 4, StandardCharsets.ISO_8859_1);
  }
}
