package dev.latente.kernel;

/// The operands of machine code, which it reads at distances in bytes.
final class Operands {
  private Operands() {}

  /// Writes 64 bits.
  ///
  /// @param distance a multiple of 8
  static void put(long[] to, int distance, long bits) {
    to[distance / Long.BYTES] = bits;
  }
}
