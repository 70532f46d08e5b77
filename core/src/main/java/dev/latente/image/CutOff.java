package dev.latente.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Whether a file ends before its picture does, where ImageIO's readers fill up what is missing
/// with grey and say nothing: JPEG and WebP. Pillow refuses the same files ("image file is
/// truncated").
final class CutOff {
  private static final int RIFF_HEADER = 8; // "RIFF", size of the rest
  private static final int MARKER = 0xFF;
  private static final int START_OF_IMAGE = 0xD8;
  private static final int END_OF_IMAGE = 0xD9;

  private CutOff() {}

  static boolean is(byte[] file) {
    if (FileParts.isWebp(file)) {
      int rest = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
      return Integer.toUnsignedLong(rest) > file.length - RIFF_HEADER;
    }
    return isJpeg(file) && !ends(file);
  }

  private static boolean isJpeg(byte[] file) {
    return file.length > 3
        && at(file, 0) == MARKER
        && at(file, 1) == START_OF_IMAGE
        && at(file, 2) == MARKER;
  }

  /// Whether a JPEG file has its last marker, behind all segments and what is coded between them.
  private static boolean ends(byte[] file) {
    for (int i = 2; i + 1 < file.length; ) {
      int kind = at(file, i) == MARKER ? at(file, i + 1) : 0;
      if (kind == END_OF_IMAGE) {
        return true;
      }
      if (!hasLength(kind)) {
        i++;
      } else if (i + 3 < file.length) {
        i += 2 + (at(file, i + 2) << 8 | at(file, i + 3));
      } else {
        return false;
      }
    }
    return false;
  }

  /// Not so 0 and 0xFF, which stuff and fill, 1 and the restarts 0xD0 to 0xD7.
  private static boolean hasLength(int kind) {
    return kind > 1 && kind != MARKER && (kind < 0xD0 || kind > START_OF_IMAGE);
  }

  private static int at(byte[] file, int index) {
    return file[index] & 0xff;
  }
}
