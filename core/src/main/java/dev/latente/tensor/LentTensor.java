package dev.latente.tensor;

import java.lang.foreign.MemorySegment;

/// Tensors in memory that belongs to something else, such as a mapped file.
public final class LentTensor {
  private LentTensor() {}

  /// The little-endian numbers in `bytes`, without copying them.
  ///
  /// Nothing may write to it, and `bytes` must stay reachable as long as it or anything cut out of
  /// it is used.
  ///
  /// @param bytes one or more numbers, at a multiple of a number's size
  public static Tensor of(MemorySegment bytes, ElementType type, long... shape) {
    if (bytes.byteSize() == 0 || bytes.address() % type.bytes() != 0) {
      throw new IllegalArgumentException(
          "numbers of %d bytes must lie at a multiple of that: %d bytes at %d"
              .formatted(type.bytes(), bytes.byteSize(), bytes.address()));
    }
    return Tensor.made("view", () -> Native.view(bytes, type, shape));
  }
}
