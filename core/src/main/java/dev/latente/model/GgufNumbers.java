package dev.latente.model;

import dev.latente.tensor.LentTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The numbers of a tensor that GGUF stores in blocks.
///
/// @param type with blocks
/// @param stored all of the tensor's
record GgufNumbers(GgufType type, MemorySegment stored) implements LentTensor.Decoder {
  /// Numbers decoded at a time; a multiple of every block.
  private static final int CHUNK = 1 << 12;

  private static final ThreadLocal<Room> ROOMS = ThreadLocal.withInitial(Room::new);

  /// What a thread uses again and again.
  private static final class Room {
    final byte[] in = new byte[CHUNK * Short.BYTES]; // no block has more than 9 bits a number
    final float[] out = new float[CHUNK];
  }

  @Override
  public void decode(long first, MemorySegment floats) {
    Room room = ROOMS.get();
    int size = type.blockSize();
    long end = first + floats.byteSize() / Float.BYTES;
    long at = first;
    while (at < end) {
      long block = at / size;
      int behind = (int) (at - block * size); // numbers of the block that are not wanted
      int count = (int) Math.min(end - at, CHUNK - behind);
      int blocks = Math.ceilDiv(behind + count, size);
      MemorySegment.copy(
          stored,
          ValueLayout.JAVA_BYTE,
          block * type.blockBytes(),
          room.in,
          0,
          blocks * type.blockBytes());
      GgufBlocks.decode(type, room.in, blocks, room.out);
      MemorySegment.copy(
          room.out, behind, floats, ValueLayout.JAVA_FLOAT, (at - first) * Float.BYTES, count);
      at += count;
    }
  }
}
