package dev.latente.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// How a camera was held, which a JPEG file says beside its pixels.
///
/// CIPA DC-008 (Exif 2.32), tag 0x0112 "Orientation", whose values 1 to 8 these are, in order.
enum ExifOrientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  UPSIDE_DOWN(false, true, true),
  UPSIDE_DOWN_MIRRORED(false, false, true),
  LEFT_MIRRORED(true, false, false),
  RIGHT(true, true, false),
  RIGHT_MIRRORED(true, true, true),
  LEFT(true, false, true);

  private static final int START_OF_IMAGE = 0xFFD8;
  private static final int START_OF_SCAN = 0xFFDA;
  private static final int APP1 = 0xFFE1;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final int ORIENTATION = 0x0112;

  /// Whether rows become columns, before the result's columns or rows are counted from the end.
  private final boolean transposed;

  private final boolean fromRight;
  private final boolean fromBottom;

  ExifOrientation(boolean transposed, boolean fromRight, boolean fromBottom) {
    this.transposed = transposed;
    this.fromRight = fromRight;
    this.fromBottom = fromBottom;
  }

  /// What `file` says, or `UPRIGHT` if it is no JPEG file or says nothing that can be understood.
  static ExifOrientation of(byte[] file) {
    try {
      return find(ByteBuffer.wrap(file));
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException _) {
      return UPRIGHT; // a broken remark does not make the picture unreadable
    }
  }

  private static ExifOrientation find(ByteBuffer file) {
    if ((file.getShort() & 0xffff) != START_OF_IMAGE) {
      return UPRIGHT;
    }
    for (int marker = file.getShort() & 0xffff;
        marker > 0xFF00 && marker != START_OF_SCAN;
        marker = file.getShort() & 0xffff) {
      int length = (file.getShort() & 0xffff) - 2;
      ByteBuffer segment = file.slice(file.position(), length);
      if (marker == APP1 && length > EXIF.length && startsWithExif(segment)) {
        return inTiff(segment.slice(EXIF.length, length - EXIF.length));
      }
      file.position(file.position() + length);
    }
    return UPRIGHT;
  }

  private static boolean startsWithExif(ByteBuffer segment) {
    byte[] start = new byte[EXIF.length];
    segment.get(0, start);
    return Arrays.equals(start, EXIF);
  }

  private static ExifOrientation inTiff(ByteBuffer tiff) {
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    int entries = tiff.getShort(directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + 12 * i;
      if ((tiff.getShort(entry) & 0xffff) == ORIENTATION) {
        int value = tiff.getShort(entry + 8) & 0xffff;
        return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  /// `picture` turned so that it stands upright.
  Picture apply(Picture picture) {
    if (this == UPRIGHT) {
      return picture;
    }
    int width = transposed ? picture.height() : picture.width();
    int height = transposed ? picture.width() : picture.height();
    byte[] from = picture.bytes();
    byte[] to = new byte[from.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int column = fromRight ? width - 1 - x : x;
        int row = fromBottom ? height - 1 - y : y;
        int source = transposed ? column * picture.width() + row : row * picture.width() + column;
        System.arraycopy(from, 3 * source, to, 3 * (y * width + x), 3);
      }
    }
    return new Picture(width, height, to);
  }
}
