package dev.latente.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Makes the bytes of a PNG file.
///
/// @param depth bits of a sample: 8 or 16
/// @param colour `GREY` or `RGB`
record PngEncoder(int width, int height, int depth, int colour) {
  static final int GREY = 0;
  static final int RGB = 2;

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int FILTERS = 5;

  /// A file of `samples`, row after row, big end first, with `text` before them.
  byte[] encode(byte[] samples, Map<String, String> text) {
    ByteArrayOutputStream file = new ByteArrayOutputStream(samples.length / 2 + 1024);
    file.writeBytes(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    chunk(file, "IHDR", header.put((byte) depth).put((byte) colour).array());
    text.forEach((keyword, value) -> PngText.write(keyword, value, (t, d) -> chunk(file, t, d)));
    chunk(file, "IDAT", compress(filter(samples)));
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    file.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    file.writeBytes(name);
    file.writeBytes(data);
    file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  private static byte[] compress(byte[] bytes) {
    try (Deflater deflater = new Deflater(6)) {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 2 + 64);
      byte[] buffer = new byte[1 << 16];
      while (!deflater.finished()) {
        compressed.write(buffer, 0, deflater.deflate(buffer));
      }
      return compressed.toByteArray();
    }
  }

  /// Each row as differences from its neighbours, by the filter that leaves the smallest ones
  /// (section 12.7).
  private byte[] filter(byte[] samples) {
    int pixel = (colour == RGB ? 3 : 1) * depth / 8;
    int stride = pixel * width;
    byte[] filtered = new byte[(stride + 1) * height];
    byte[] above = new byte[stride];
    byte[] row = new byte[stride];
    byte[][] candidates = new byte[FILTERS][stride];
    for (int y = 0; y < height; y++) {
      System.arraycopy(samples, y * stride, row, 0, stride);
      int best = 0;
      long least = Long.MAX_VALUE;
      for (int type = 0; type < FILTERS; type++) {
        long sum = filterRow(type, row, above, pixel, candidates[type]);
        if (sum < least) {
          least = sum;
          best = type;
        }
      }
      filtered[y * (stride + 1)] = (byte) best;
      System.arraycopy(candidates[best], 0, filtered, y * (stride + 1) + 1, stride);
      byte[] done = above;
      above = row;
      row = done;
    }
    return filtered;
  }

  /// Fills `to` and gives the sum of its bytes' magnitudes.
  private static long filterRow(int type, byte[] row, byte[] above, int pixel, byte[] to) {
    long sum = 0;
    for (int i = 0; i < row.length; i++) {
      int left = i < pixel ? 0 : row[i - pixel] & 0xff;
      int up = above[i] & 0xff;
      int corner = i < pixel ? 0 : above[i - pixel] & 0xff;
      int predicted =
          switch (type) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) / 2;
            default -> paeth(left, up, corner);
          };
      to[i] = (byte) (row[i] - predicted);
      sum += Math.abs(to[i]);
    }
    return sum;
  }

  private static int paeth(int left, int up, int corner) {
    int estimate = left + up - corner;
    int toLeft = Math.abs(estimate - left);
    int toUp = Math.abs(estimate - up);
    int toCorner = Math.abs(estimate - corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }
}
