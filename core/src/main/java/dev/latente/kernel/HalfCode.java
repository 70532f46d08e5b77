package dev.latente.kernel;

import dev.latente.kernel.WeightMatrix.Format;

/// Pieces of machine code around [Halves], for processors with AVX-512.
///
/// @param code to which they are added
/// @param numbers that it has loaded
/// @param form what numbers become
record HalfCode(Assembler code, LaneNumbers numbers, TileNumbers form) {
  /// Loads 16 numbers, widened to f32.
  void load(Format format, int to, int base, int distance) {
    switch (format) {
      case F32 -> code.loadVector(to, base, distance);
      case F16 -> code.loadHalves(to, base, distance);
      case BF16 -> {
        code.loadShorts(to, base, distance);
        code.shiftLanesLeft(to, to, Short.SIZE);
      }
    }
  }

  /// Makes two lines of 32 numbers: [Halves], of which `high` is `x + 2^15` of the bits, and of
  /// that the upper half; or the numbers themselves.
  ///
  /// @param a register of the first 16, overwritten with the second line
  /// @param b register of the others, overwritten
  /// @param to register for the first line
  /// @param other register that is overwritten
  void split(int a, int b, int to, int other) {
    if (form == TileNumbers.WHOLE) {
      code.copyVector(to, a);
      code.copyVector(a, b);
      return;
    }
    int halfUnit = numbers.of(LaneNumber.HALF_UNIT);
    int high = numbers.of(LaneNumber.HIGH);
    code.each(Each.ADD_WHOLE, to, a, halfUnit);
    code.each(Each.ADD_WHOLE, other, b, halfUnit);
    code.each(Each.AND, to, to, high);
    code.each(Each.AND, other, other, high);
    code.each(Each.SUBTRACT, a, a, to);
    code.each(Each.SUBTRACT, b, b, other);
    code.shiftLanesRight(to, to, Short.SIZE);
    code.each(Each.OR, to, to, other);
    code.each(Each.ADD_WHOLE, a, a, halfUnit);
    code.each(Each.ADD_WHOLE, b, b, halfUnit);
    code.each(Each.AND, b, b, high);
    code.shiftLanesRight(a, a, Short.SIZE);
    code.each(Each.OR, a, a, b);
  }

  /// Rounds 16 numbers to high halves.
  void round(int to, int from) {
    code.each(Each.ADD_WHOLE, to, from, numbers.of(LaneNumber.HALF_UNIT));
    code.each(Each.AND, to, to, numbers.of(LaneNumber.HIGH));
  }

  /// Makes 32 numbers, 16 in each register, pairs in bf16, rounded.
  ///
  /// @param a register of the first, overwritten with all
  /// @param b register of the others, overwritten
  void pair(int a, int b) {
    code.each(Each.ADD_WHOLE, a, a, numbers.of(LaneNumber.HALF_UNIT));
    round(b, b);
    code.shiftLanesRight(a, a, Short.SIZE);
    code.each(Each.OR, a, a, b);
  }
}
