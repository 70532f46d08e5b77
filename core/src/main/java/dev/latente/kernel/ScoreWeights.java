package dev.latente.kernel;

/// What attention makes of scores, with vectors of a processor: weights, `2^score` in proportion to
/// the greatest so far, in [Halves].
public interface ScoreWeights {
  /// Makes weights, and corrects what was found with lesser scores.
  void weigh(Job job);

  /// Scores of some queries with a block of keys. Of each query three things are kept from block to
  /// block: the greatest score, the sum of its weights, and what these found.
  ///
  /// @param scores address of the first; a row is a multiple of 32 long, of which those behind
  ///   `keys` may be anything and weigh next to nothing
  /// @param rows queries
  /// @param keys that there are
  /// @param greatest address of `rows` whole numbers within ±2^22, to be raised to the greatest
  ///   score or the next one above; -2^22 or less before the first block
  /// @param totals address of `rows` sums of weights, to be added to
  /// @param sums address of `[rows, wide]`, what the weights of blocks before found
  /// @param wide a multiple of 16; 0 with the first block
  /// @param to address of the first line of 64 bytes of the first 32 weights
  /// @param low bytes from there to their second line; twice as far on the next 32 of the row lie
  record Job(
      long scores,
      int rows,
      int keys,
      long greatest,
      long totals,
      long sums,
      int wide,
      long to,
      long low) {}
}
