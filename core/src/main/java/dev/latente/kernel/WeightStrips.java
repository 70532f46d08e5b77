package dev.latente.kernel;

/// Weights laid out once for all products: 16 rows at a time as 16 columns.
///
/// They are then read one after another, as a processor's memory is fastest at, and there is
/// nothing to turn ([StripHalves]). They take as many bytes as before.
public final class WeightStrips {
  // Numbers of a row that are turned at once, at most.
  private static final int NEAR = 320;

  private WeightStrips() {}

  /// Whether `rows` rows of weights can be laid out.
  public static boolean suit(WeightMatrix weights, int rows) {
    return weights.format() != WeightMatrix.Format.F32
        && rows % TurnedWeights.WIDE == 0
        && weights.length() % Halves.CHUNK == 0;
  }

  /// Lays weights out that [#suit].
  ///
  /// @param weights in rows
  /// @param rows how many
  /// @param to address of as many bytes
  /// @param with how to turn them
  /// @param threads how many may be used
  public static WeightMatrix lay(
      WeightMatrix weights, int rows, long to, WeightTurn with, int threads) {
    WeightMatrix strips = WeightMatrix.ofStrips(to, weights.length(), weights.format());
    new Parallel(threads)
        .run(
            rows / TurnedWeights.WIDE,
            strip -> {
              int row = strip * TurnedWeights.WIDE;
              for (int from = 0; from < weights.length(); from += NEAR) {
                int count = Math.min(NEAR, weights.length() - from);
                TurnedWeights.lay(weights, row, from, count, strips.address(row, from), with);
              }
            });
    return strips;
  }
}
