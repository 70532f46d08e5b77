package dev.latente.kernel;

import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/// The numbers that a piece of machine code has in all lanes of registers of their own, from the
/// last one down; the registers before these are for what changes.
final class LaneNumbers {
  private static final int LAST = 31;

  private final List<LaneNumber> all;

  LaneNumbers(LaneNumber... all) {
    this.all = List.of(all);
  }

  /// All that powers of two need ([PowerCode]), and more.
  static LaneNumbers withPowers(LaneNumber... more) {
    Stream<LaneNumber> powers = EnumSet.range(LaneNumber.FIFTH, LaneNumber.TO_INTEGER).stream();
    return new LaneNumbers(Stream.concat(powers, Stream.of(more)).toArray(LaneNumber[]::new));
  }

  /// The register of a number, which must be one of these.
  int of(LaneNumber number) {
    int index = all.indexOf(number);
    if (index < 0) {
      throw new IllegalArgumentException("the code does not have " + number);
    }
    return LAST - index;
  }

  /// Loads all, by way of `rax`.
  void load(Assembler code) {
    for (LaneNumber each : all) {
      code.set(Assembler.RAX, Float.floatToRawIntBits(each.number()));
      code.spreadLow(of(each), Assembler.RAX);
    }
  }
}
