package dev.latente.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// How many pictures a file shows one after the other; of several, Latente reads the first.
public final class Frames {
  private static final int PNG_SIGNATURE = 8;
  private static final int RIFF_HEADER = 12; // "RIFF", size, "WEBP"
  private static final int GIF_SCREEN = 13; // "GIF89a", size, flags, background, proportion
  private static final int GIF_EXTENSION = 0x21;
  private static final int GIF_IMAGE = 0x2C;

  private Frames() {}

  /// How many `file` shows: 1 if it does not move, or ends before it tells.
  ///
  /// @throws ImageFormatException if there is no such file
  public static int in(Path file) throws IOException {
    return in(PictureReader.bytes(file));
  }

  /// How many the bytes of a file show.
  static int in(byte[] file) {
    try {
      int found =
          switch (file.length > RIFF_HEADER ? file[0] : 0) {
            case (byte) 0x89 -> png(ByteBuffer.wrap(file));
            case 'R' -> webp(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
            case 'G' -> gif(ByteBuffer.wrap(file));
            default -> 1;
          };
      return Math.max(1, found);
    } catch (IndexOutOfBoundsException e) {
      return 1;
    }
  }

  /// What the animation's own chunk says; [the PNG standard, third
  /// edition](https://www.w3.org/TR/png-3/#acTL-chunk).
  private static int png(ByteBuffer file) {
    int at = PNG_SIGNATURE;
    while (!name(file, at + 4).equals("IDAT")) {
      if (name(file, at + 4).equals("acTL")) {
        return file.getInt(at + 8);
      }
      at += 12 + length(file, at);
    }
    return 1;
  }

  private static int webp(ByteBuffer file) {
    int frames = 0;
    for (int at = RIFF_HEADER; at + 8 <= file.limit(); ) {
      frames += name(file, at).equals("ANMF") ? 1 : 0;
      int length = length(file, at + 4);
      at += 8 + length + (length & 1);
    }
    return frames;
  }

  private static int gif(ByteBuffer file) {
    int frames = 0;
    int at = GIF_SCREEN + table(file.get(10));
    while (at < file.limit()) {
      switch (file.get(at)) {
        case GIF_EXTENSION -> at = behind(file, at + 2);
        case GIF_IMAGE -> {
          frames++;
          at = behind(file, at + 10 + table(file.get(at + 9)) + 1);
        }
        default -> at = file.limit(); // the trailer
      }
    }
    return frames;
  }

  /// The bytes of a table of colours.
  private static int table(byte flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
  }

  /// Where the blocks from `start` end, the last of which is empty.
  private static int behind(ByteBuffer file, int start) {
    int at = start;
    while (file.get(at) != 0) {
      at += 1 + (file.get(at) & 0xff);
    }
    return at + 1;
  }

  private static int length(ByteBuffer file, int at) {
    int length = file.getInt(at);
    if (length < 0 || length > file.limit() - at) {
      throw new IndexOutOfBoundsException(length);
    }
    return length;
  }

  private static String name(ByteBuffer file, int at) {
    byte[] name = new byte[4];
    file.get(at, name);
    return new String(name, StandardCharsets.ISO_8859_1);
  }
}
