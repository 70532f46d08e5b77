package dev.latente.kernel;

/// Weights `[rows, length]` as they are stored.
///
/// @param address of the first
/// @param length numbers of a row
/// @param format of the numbers
public record WeightMatrix(long address, int length, Format format) {
  /// How a number is stored.
  public enum Format {
    F32,
    F16,
    BF16;

    /// Bytes of a number.
    public int bytes() {
      return this == F32 ? Float.BYTES : Short.BYTES;
    }
  }

  /// Where number `index` of a row is.
  long address(int row, int index) {
    return address + ((long) row * length + index) * format.bytes();
  }
}
