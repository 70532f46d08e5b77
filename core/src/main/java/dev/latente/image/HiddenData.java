package dev.latente.image;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The data that A1111's "image embeddings" carry in their pixels.
///
/// Left of the picture proper stand the low halves of the bytes, right of it the high ones, each in
/// the low four bits of the colours, parted from it by black columns; a linear congruential
/// generator is laid over them, and what comes out is zlib's.
public final class HiddenData {
  private static final long MULTIPLIER = 1664525; // Numerical Recipes' generator
  private static final long INCREMENT = 1013904223;
  private static final long MODULUS = 1L << 32;
  private static final int KEYS = 255;
  private static final int NIBBLE = 0x0F;
  private static final int MOST_BYTES = 64 << 20;

  private final Picture picture;
  private int left;
  private int right; // exclusive
  private int top;
  private int bottom; // exclusive

  private HiddenData(Picture picture) {
    this.picture = picture;
    crop();
  }

  /// What `picture` carries; nothing if it carries nothing.
  public static Optional<byte[]> in(Picture picture) {
    HiddenData data = new HiddenData(picture);
    int first = -1; // the first and the last black column
    int last = -1;
    for (int x = data.left; x < data.right; x++) {
      if (data.isBlack(x)) {
        first = first < 0 ? x : first;
        last = x;
      }
    }
    if (last <= first) {
      return Optional.empty();
    }
    byte[] low = data.block(data.left, first);
    byte[] high = data.block(last + 1, data.right);
    if (low.length == 0 || low.length != high.length) {
      return Optional.empty();
    }
    byte[] packed = new byte[low.length];
    for (int i = 0; i < packed.length; i++) {
      packed[i] = (byte) (high[i] << 4 | low[i]);
    }
    return inflated(packed);
  }

  /// Leaves out the rows and columns at the edges that have no pixel without a zero.
  private void crop() {
    left = picture.width();
    top = picture.height();
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        int rgb = picture.at(x, y);
        if ((rgb & 0xFF) > 0 && (rgb >> 8 & 0xFF) > 0 && (rgb >> 16 & 0xFF) > 0) {
          left = Math.min(left, x);
          right = Math.max(right, x + 1);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y + 1);
        }
      }
    }
  }

  private boolean isBlack(int x) {
    for (int y = top; y < bottom; y++) {
      if ((picture.at(x, y) & 0x0F0F0F) != 0) {
        return false;
      }
    }
    return true;
  }

  /// The halves of bytes in the columns `from` to `to`, row by row.
  private byte[] block(int from, int to) {
    int width = Math.max(0, to - from);
    byte[] halves = new byte[width * (bottom - top) * 3];
    long state = 0;
    int i = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = from; x < to; x++) {
        for (int shift = 16; shift >= 0; shift -= 8) {
          state = (MULTIPLIER * state + INCREMENT) % MODULUS;
          halves[i++] = (byte) ((picture.at(x, y) >> shift ^ (int) (state % KEYS)) & NIBBLE);
        }
      }
    }
    return halves;
  }

  private static Optional<byte[]> inflated(byte[] packed) {
    Inflater inflater = new Inflater();
    inflater.setInput(packed);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    try {
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        bytes.write(buffer, 0, count);
        if (count == 0 || bytes.size() > MOST_BYTES) {
          return Optional.empty();
        }
      }
      return Optional.of(bytes.toByteArray());
    } catch (DataFormatException _) {
      return Optional.empty(); // an ordinary picture
    } finally {
      inflater.end();
    }
  }
}
