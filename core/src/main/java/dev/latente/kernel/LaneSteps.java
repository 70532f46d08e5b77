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

  /// Makes panels of [Shorts] of those in f32.
  void shorten(Panels job);

  /// As [#multiply], of pairs of [Shorts], of which `a` and `b` have half the depth: of scores,
  /// which are not added to anything, or of what they find.
  void multiplyShorts(Product job, Scales scales);

  /// Panels that become pairs of [Shorts], the lesser one first.
  ///
  /// @param x address of panels `[depth]` in f32
  /// @param stride bytes from one to the next
  /// @param depth a multiple of 8
  /// @param to address of `[depth / 2]` panels of pairs; it may be that of `x`
  /// @param scales address of `[16]`, what each lane's whole numbers are multiplied by to get its
  ///   numbers
  /// @param length of each lane's whole numbers, the root of the sum of their squares, at most; it
  ///   is exceeded by 2^-14 of it and by what rounding adds
  record Panels(long x, long stride, int depth, long to, long scales, float length) {}

  /// What undoes the scales of [Shorts].
  ///
  /// @param rows address of `[rows]` of the first block, what its sums are multiplied by; a block
  ///   is all of the depth for scores, else 32 numbers
  /// @param apart bytes from there to those of the next block
  /// @param lanes address of `[32]`, what each query's scores are multiplied by; 0 for what they
  ///   find
  record Scales(long rows, long apart, long lanes) {}

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
  /// @param shorts whether weights become pairs of [Shorts], panels `[padded / 2]`, of 2^15 for 1;
  ///   so do their totals
  record Weights(
      long scores,
      long apart,
      int keys,
      int padded,
      long greatest,
      long totals,
      long found,
      long foundApart,
      int features,
      boolean shorts) {}
}
