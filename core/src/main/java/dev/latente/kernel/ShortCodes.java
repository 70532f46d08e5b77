package dev.latente.kernel;

import java.util.stream.Stream;

/// Pieces of machine code around [Shorts], for processors with AVX-512.
///
/// @param code to which they are added
/// @param numbers that it has loaded
record ShortCodes(Assembler code, LaneNumbers numbers) {
  /// What the code here needs, and more.
  static LaneNumbers numbers(LaneNumber... more) {
    Stream<LaneNumber> mine = Stream.of(LaneNumber.TWO, LaneNumber.LOW, LaneNumber.TINY);
    return new LaneNumbers(Stream.concat(mine, Stream.of(more)).toArray(LaneNumber[]::new));
  }

  /// `1 / x`, to some 2^-23.
  ///
  /// @param to another register
  /// @param other register that is overwritten
  void inverse(int to, int x, int other) {
    code.each(Each.NEAR_INVERSE, to, x);
    code.each(Each.MULTIPLY, other, to, x);
    code.each(Each.SUBTRACT, other, numbers.of(LaneNumber.TWO), other);
    code.each(Each.MULTIPLY, to, to, other);
  }

  /// The scale of each lane, the lesser of `length` through the root of its squares and
  /// [Shorts#COLUMN_MOST] through its greatest number, and what undoes it.
  ///
  /// @param squares register, overwritten, as `greatest` and `length` are
  void scale(int to, int inverse, int squares, int greatest, int length) {
    int tiny = numbers.of(LaneNumber.TINY);
    code.each(Each.ADD, squares, squares, tiny);
    code.each(Each.ADD, greatest, greatest, tiny);
    code.each(Each.NEAR_INVERSE_ROOT, to, squares);
    code.each(Each.NEAR_INVERSE, inverse, greatest);
    code.each(Each.MULTIPLY, to, to, length);
    code.each(Each.MULTIPLY, inverse, inverse, numbers.of(LaneNumber.COLUMN_MOST));
    code.each(Each.LESSER, to, inverse, to);
    inverse(inverse, to, length);
  }

  /// Makes 32 whole numbers of 16 bits, those of both registers by turns.
  ///
  /// @param a register of 16 numbers, overwritten with all
  /// @param b register of 16 more, overwritten
  /// @param scale register of what they are multiplied by
  void shorts(int a, int b, int scale) {
    code.each(Each.MULTIPLY, a, a, scale);
    code.each(Each.MULTIPLY, b, b, scale);
    code.each(Each.TO_WHOLE, a, a);
    code.each(Each.TO_WHOLE, b, b);
    code.each(Each.AND, a, a, numbers.of(LaneNumber.LOW));
    code.shiftLanesLeft(b, b, Short.SIZE);
    code.each(Each.OR, a, a, b);
  }
}
