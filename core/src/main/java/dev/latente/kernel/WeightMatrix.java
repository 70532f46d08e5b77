package dev.latente.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Weights `[rows, length]` as they are stored.
///
/// @param address of the first
/// @param length numbers of a row
/// @param format of the numbers
public record WeightMatrix(long address, int length, Format format) {
  private static final int BF16_SHIFT = 16;

  /// How a number is stored.
  public enum Format {
    F32,
    F16,
    BF16
  }

  /// Writes `count` numbers of some rows, the first of each at `from`, as f32.
  ///
  /// @param rows which
  /// @param room for `count` numbers
  /// @param to overwritten, from `places` on
  void read(int[] rows, int from, int count, short[] room, float[] to, int[] places) {
    for (int i = 0; i < rows.length; i++) {
      long first = (long) rows[i] * length + from;
      int at = places[i];
      switch (format) {
        case F32 ->
            MemorySegment.copy(
                Lanes.MEMORY,
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                address + first * Float.BYTES,
                to,
                at,
                count);
        case F16 -> {
          bits(first, count, room);
          for (int k = 0; k < count; k++) {
            to[at + k] = Float.float16ToFloat(room[k]);
          }
        }
        case BF16 -> {
          bits(first, count, room);
          for (int k = 0; k < count; k++) {
            to[at + k] = Float.intBitsToFloat(room[k] << BF16_SHIFT);
          }
        }
      }
    }
  }

  private void bits(long first, int count, short[] room) {
    MemorySegment.copy(
        Lanes.MEMORY,
        ValueLayout.JAVA_SHORT_UNALIGNED,
        address + first * Short.BYTES,
        room,
        0,
        count);
  }
}
