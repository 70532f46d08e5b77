package dev.latente.kernel;

import java.util.Optional;

/// Weights `[rows, length]`, as they are stored or in strips.
///
/// @param address of the first, if they are not coded
/// @param length numbers of a row
/// @param format of the numbers
/// @param strips whether 16 rows at a time lie as 16 columns, `[rows / 16, length, 16]`, as
///   [WeightStrips] lays them out
/// @param coded what decodes them, row after row, to the format
public record WeightMatrix(
    long address, int length, Format format, boolean strips, Optional<CodedNumbers> coded) {
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

  /// Weights of which one row lies behind the other.
  public WeightMatrix(long address, int length, Format format) {
    this(address, length, format, false, Optional.empty());
  }

  /// The same in strips.
  static WeightMatrix ofStrips(long address, int length, Format format) {
    return new WeightMatrix(address, length, format, true, Optional.empty());
  }

  /// Weights that are decoded where they are used.
  public static WeightMatrix of(CodedNumbers coded, int length) {
    return new WeightMatrix(0, length, Format.F32, false, Optional.of(coded));
  }

  /// Where number `index` of a row is; of strips, where it is of the 16 rows from `row` on.
  long address(int row, int index) {
    long before =
        strips
            ? ((long) row / TurnedWeights.WIDE * length + index) * TurnedWeights.WIDE
            : (long) row * length + index;
    return address + before * format.bytes();
  }
}
