package dev.latente.kernel;

/// Numbers in f32 as sums of two in bf16, each of 8 digits in base 2: `x ≈ high + low` within 2^-17
/// of `x`, and exactly for what was f16.
///
/// In each run of [#CHUNK] numbers those 16 apart lie side by side, in rows as in columns, so that
/// no number has to cross lanes.
final class Halves {
  /// Numbers that are laid out together.
  static final int CHUNK = TileShape.DEEP;

  static final int LANES = 16;

  static final int HALF_UNIT = 0x8000;
  static final int HIGH = 0xffff0000;

  private Halves() {}
}
