package dev.latente.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Vectors of f32 at addresses of native memory.
final class Lanes {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /// Numbers in a vector of this processor.
  static final int COUNT = SPECIES.length();

  /// Bytes of a vector.
  static final int BYTES = SPECIES.vectorByteSize();

  @SuppressWarnings("restricted") // all of memory: the caller vouches for its addresses
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private Lanes() {}

  static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(SPECIES, MEMORY, address, ORDER);
  }

  static void store(long address, FloatVector values) {
    values.intoMemorySegment(MEMORY, address, ORDER);
  }

  /// Writes 64 bits.
  static void put(long address, long number) {
    MEMORY.set(JAVA_LONG_UNALIGNED, address, number);
  }

  /// Copies `bytes` bytes.
  static void copy(long from, long to, long bytes) {
    MemorySegment.copy(MEMORY, from, MEMORY, to, bytes);
  }

  /// Sets `bytes` bytes to zero.
  static void clear(long address, long bytes) {
    MEMORY.asSlice(address, bytes).fill((byte) 0);
  }
}
