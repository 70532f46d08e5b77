package dev.latente.kernel;

/// The walks over a map's pixels that [Norm] consists of.
public interface NormSteps {
  /// Pixels whose numbers are added at once.
  int ROWS = 4;

  /// Those by Java's vectors.
  NormSteps LOOPS = new NormLoops();

  /// Adds numbers, less those of the first pixel, and their squares.
  ///
  /// @param x address of `[4 · quads, C]`
  /// @param quads how many times four pixels
  /// @param row bytes of a pixel
  /// @param sums address of `[2, C]`: of numbers, then of squares
  void sums(long x, int quads, long row, long sums);

  /// Writes each number times its channel's factor, plus what is added there, and perhaps the SiLU
  /// of that.
  ///
  /// @param x address of `[pixels, C]`
  /// @param pixels how many
  /// @param lines address of `[2, C]`: factors, then what is added
  /// @param row bytes of a pixel
  /// @param silu whether the SiLU is taken
  /// @param y address of `[pixels, C]`; may be `x`
  void scale(long x, int pixels, long lines, long row, boolean silu, long y);
}
