package dev.latente.kernel;

/// An operation of the processor's vectors, lane by lane unless it says otherwise.
enum Each {
  ADD(1, 0, 0x58),
  SUBTRACT(1, 0, 0x5c),
  MULTIPLY(1, 0, 0x59),
  DIVIDE(1, 0, 0x5e),

  /// The lesser one; the second if one of them is no number.
  LESSER(1, 0, 0x5d),

  /// The greater one; the second if one of them is no number.
  GREATER(1, 0, 0x5f),

  /// The result's register times the first and the second added, rounded once.
  TIMES_AND_PLUS(2, 1, 0xa8),

  /// The first times the second and the result's register added, rounded once.
  PLUS_PRODUCT(2, 1, 0xb8),

  /// The sum as whole numbers.
  ADD_WHOLE(1, 1, 0xfe),

  /// As whole numbers: of pairs of 16 bits, the products of the first ones and of the second ones
  /// and the result's register added. It needs AVX-512's VNNI.
  PLUS_PAIRS(2, 1, 0x52),
  // Of one operand: 1 / x and 1 / sqrt(x) within 2^-14 of them; the nearest whole number of 32
  // bits, and the number that such a one is.
  NEAR_INVERSE(2, 1, 0x4c),
  NEAR_INVERSE_ROOT(2, 1, 0x4e),
  TO_WHOLE(1, 1, 0x5b),
  FROM_WHOLE(1, 0, 0x5b),

  AND(1, 1, 0xdb),
  OR(1, 1, 0xeb),
  EXCLUSIVE_OR(1, 1, 0xef),

  // Of each quarter, 4 words of 32 bits: the first two of both by turns, or the last two; the
  // first two of the first and of the second, or the last two.
  LOWER_WORDS(1, 1, 0x62),
  UPPER_WORDS(1, 1, 0x6a),
  LOWER_PAIRS(1, 0x81, 0x6c),
  UPPER_PAIRS(1, 0x81, 0x6d),

  /// The words of 16 bits of the second, each from the place that the first says.
  PERMUTE_SHORTS(2, 0x81, 0x8d);

  private final int table;
  private final int prefix;
  private final int opcode;

  Each(int table, int prefix, int opcode) {
    this.table = table;
    this.prefix = prefix;
    this.opcode = opcode;
  }

  /// Which of the tables of opcodes is meant.
  int table() {
    return table;
  }

  /// The prefix that its instruction has, with the bit for words of 64 bits.
  int prefix() {
    return prefix;
  }

  int opcode() {
    return opcode;
  }
}
