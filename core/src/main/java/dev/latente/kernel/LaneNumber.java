package dev.latente.kernel;

/// A number that machine code has in all lanes of a register of its own: see [LaneNumbers].
enum LaneNumber {
  // Of Exponential.
  FIFTH(Exponential.FIFTH),
  FOURTH(Exponential.FOURTH),
  THIRD(Exponential.THIRD),
  SECOND(Exponential.SECOND),
  FIRST(Exponential.FIRST),
  ONE(1),
  LEAST(Exponential.LEAST),
  TO_INTEGER(Exponential.TO_INTEGER),

  // Of Halves, as bits.
  HALF_UNIT(Float.intBitsToFloat(Halves.HALF_UNIT)),
  HIGH(Float.intBitsToFloat(Halves.HIGH)),

  // Of Shorts.
  TWO(2),
  LOW(Float.intBitsToFloat(0xffff)),
  TINY(Shorts.TINY),
  ROW_LENGTH(Shorts.ROW_LENGTH),
  COLUMN_LENGTH(Shorts.COLUMN_LENGTH),
  COLUMN_MOST(Shorts.COLUMN_MOST),

  // Of WinogradTransform: of weights, then of pixels.
  QUARTER(1 / 4F),
  SIXTH(1 / 6F),
  MINUS_SIXTH(-1 / 6F),
  TWELFTH(1 / 12F),
  TWENTY_FOURTH(1 / 24F),
  MINUS_FOUR(-4F),
  MINUS_FIVE(-5F),
  FOUR(4F),
  EIGHT(8F),

  // Of Gelu and of the SiLU.
  MINUS_LOG2_E(-Gelu.LOG2_E),
  MOST_POWER(NormLoops.MOST),
  UNSIGNED(Float.intBitsToFloat(Integer.MAX_VALUE)),
  HALF(0.5F),
  ROOT_HALF(Gelu.ROOT_HALF),
  LEAST_GATE(Gelu.LEAST),
  ERROR_P(Gelu.P),
  ERROR_5(Gelu.A5),
  ERROR_4(Gelu.A4),
  ERROR_3(Gelu.A3),
  ERROR_2(Gelu.A2),
  ERROR_1(Gelu.A1);

  private final float number;

  LaneNumber(float number) {
    this.number = number;
  }

  float number() {
    return number;
  }
}
