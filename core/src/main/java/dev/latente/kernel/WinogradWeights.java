package dev.latente.kernel;

/// Weights of 3×3 for [TiledWinograd], made with vectors of a processor.
public interface WinogradWeights {
  /// Makes `G g Gᵀ` of weights, and [Halves] of that.
  void transform(Job job);

  /// The weights of 32 channels of the input for 16 of the output.
  ///
  /// @param format of the taps
  /// @param taps address of `[32, 9, 16]`
  /// @param to address of a tile `[16, 16, 2]` of the first of 36 points: high halves
  /// @param low bytes from there to the low halves
  /// @param apart bytes from a point's tile to the next one's
  /// @param scratch address of [WinogradCode#SCRATCH] bytes
  record Job(WeightMatrix.Format format, long taps, long to, long low, long apart, long scratch) {}
}
