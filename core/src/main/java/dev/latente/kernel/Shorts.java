package dev.latente.kernel;

/// Numbers in f32 as whole numbers of 16 bits: [#BLOCK] in a row, or in a column, share a scale,
/// which makes such of them.
///
/// Scales are such that no sum of a block's products leaves 32 bits: by Cauchy and Schwarz it is at
/// most the product of both lengths, and rows have one of at most 2^15, columns one of at most
/// 2^16. So the sums of a block are exact, and numbers are rounded only once: within 2^-16 of the
/// length of their row's block, and within 2^-17 of that of their column's, or 2^-16 of the
/// greatest there if that is more.
///
/// Processors that add up products of pairs of such numbers (AVX-512's VNNI) do so for twice as
/// many at a time as for f32.
final class Shorts {
  /// Numbers that share a scale.
  static final int BLOCK = 64;

  /// Steps of as many.
  static final int STEPS = BLOCK / TileShape.DEEP;

  /// The length of a block of a row: less than 2^15 even where the scale is known within 2^-14 and
  /// numbers were rounded.
  static final float ROW_LENGTH = 32763;

  /// The length of a block of a column, so that its product with a row's is less than 2^31.
  static final float COLUMN_LENGTH = 65500;

  /// The greatest number of a column.
  static final float COLUMN_MOST = 32760;

  /// Added to squares, and to the greatest, so that zeros have a scale.
  static final float TINY = 1e-30F;

  /// Rows whose scales lie side by side.
  static final int ROWS = FusedCode.ROWS;

  /// Bytes of a row's numbers of a step; scales of a block lie where [Halves] have low ones of its
  /// first step, those of eight rows in the first of their lines.
  static final int LINE = TileShape.DEEP * Short.BYTES;

  private Shorts() {}

  /// Whether rows of `depth` numbers are made of such blocks, however they are cut.
  static boolean suits(int depth) {
    return depth % BLOCK == 0 && new HalvedRows(0, 1, depth).block() % BLOCK == 0;
  }
}
