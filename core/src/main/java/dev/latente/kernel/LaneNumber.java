package dev.latente.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

/// A number that machine code has in all lanes of a register of its own; the registers before these
/// are for what changes.
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

  // Of WinogradTransform.
  QUARTER(1 / 4F),
  SIXTH(1 / 6F),
  MINUS_SIXTH(-1 / 6F),
  TWELFTH(1 / 12F),
  TWENTY_FOURTH(1 / 24F);

  private static final int REGISTER = 17;

  /// Bytes of all.
  static final int BYTES = values().length * Float.BYTES;

  private final float number;

  LaneNumber(float number) {
    this.number = number;
  }

  /// Its register.
  int vector() {
    return REGISTER + ordinal();
  }

  /// Writes all to an address.
  static void write(long to) {
    for (LaneNumber each : values()) {
      int bits = Float.floatToRawIntBits(each.number);
      Lanes.MEMORY.set(JAVA_INT_UNALIGNED, to + (long) each.ordinal() * Float.BYTES, bits);
    }
  }

  /// Loads all from where they were written.
  static void load(Assembler code, int base, int distance) {
    for (LaneNumber each : values()) {
      code.spread(each.vector(), base, distance + each.ordinal() * Float.BYTES);
    }
  }
}
