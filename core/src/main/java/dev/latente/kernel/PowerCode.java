package dev.latente.kernel;

/// Pieces of machine code for powers of two, as [Exponential] makes them, for processors with
/// AVX-512.
///
/// @param code to which they are added
/// @param numbers that it has loaded: at least those of the polynomial
record PowerCode(Assembler code, LaneNumbers numbers) {
  /// Makes `2^x` for `x` from -126 to 127.
  ///
  /// @param to register of the result
  /// @param x register, overwritten with what is behind the point
  /// @param whole register that is overwritten
  /// @param toInteger register of [Exponential#TO_INTEGER], or of that less a whole number, by
  ///   which `x` is then diminished
  void power(int to, int x, int whole, int toInteger) {
    code.each(Each.ADD, whole, x, toInteger);
    code.each(Each.SUBTRACT, to, whole, toInteger);
    code.each(Each.SUBTRACT, x, x, to);
    code.copyVector(to, numbers.of(LaneNumber.FIFTH));
    for (int next = LaneNumber.FOURTH.ordinal(); next <= LaneNumber.ONE.ordinal(); next++) {
      code.each(Each.TIMES_AND_PLUS, to, x, numbers.of(LaneNumber.values()[next]));
    }
    code.shiftLanesLeft(whole, whole, Exponential.MANTISSA_BITS);
    code.each(Each.ADD_WHOLE, to, to, whole);
  }
}
