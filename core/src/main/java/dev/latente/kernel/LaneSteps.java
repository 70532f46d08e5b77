package dev.latente.kernel;

/// The products and weights of [LaneAttention], made with vectors of a processor: a vector's lanes
/// are different queries, and panels are one number for each of 16 of them.
public interface LaneSteps {
  /// Queries of a panel.
  int QUERIES = Halves.LANES;

  /// Multiplies rows with two panels of each number.
  void multiply(Product job);

  /// Makes weights of scores, and corrects what was found with lesser ones.
  void weigh(Weights job);

  /// `y = a · b`.
  ///
  /// @param a address of `[rows / 16, depth, 16]`: 16 rows side by side; of the last ones perhaps
  ///   only eight are there
  /// @param panel bytes from 16 rows to the next
  /// @param b address of panels `[depth]`
  /// @param bApart bytes from there to the same of the other 16 queries
  /// @param depth a multiple of 8
  /// @param y address of panels `[rows]`
  /// @param yApart bytes from there to those of the other 16 queries
  /// @param rows a multiple of 8
  /// @param add whether to add to what is in `y`
  record Product(
      long a,
      long panel,
      long b,
      long bApart,
      int depth,
      long y,
      long yApart,
      int rows,
      boolean add) {}

  /// Scores of 32 queries with a block of keys. What is kept of each query is as in [ScoreWeights].
  ///
  /// @param scores address of panels `[padded]`, which weights overwrite
  /// @param apart bytes from there to those of the other 16 queries
  /// @param keys that there are
  /// @param padded a multiple of 8: scores behind `keys` are not above all others, and weigh
  ///   nothing
  /// @param greatest address of `[32]`, as in [ScoreWeights.Job]
  /// @param totals address of `[32]`
  /// @param found address of panels `[features]`, what the weights of blocks before found
  /// @param foundApart bytes from there to that of the other 16 queries
  /// @param features 0 with the first block
  record Weights(
      long scores,
      long apart,
      int keys,
      int padded,
      long greatest,
      long totals,
      long found,
      long foundApart,
      int features) {}
}
