package dev.latente.kernel;

/// What machine code of our own does, on processors that have what it needs.
///
/// @param form what numbers become for products
/// @param product by [TileCode], or by [FusedCode]
/// @param rows by [RowCode]
/// @param scores by [ScoreCode]
/// @param heads by [KeyCode], [QueryCode] and [FoundCode]
/// @param lanes by [LaneProductCode] and [LaneScoreCode]
/// @param strips by [StripCode]
/// @param turn by [TurnCode]
/// @param winograd by [WinogradCode]
/// @param outputs by [AddCode] and [GateCode]
/// @param norms by [NormCode]
/// @param pixels by [WinogradInputCode] and [WinogradOutputCode]
public record MachineCode(
    TileNumbers form,
    TileProduct product,
    RowHalves rows,
    ScoreWeights scores,
    HeadVectors heads,
    LaneSteps lanes,
    StripHalves strips,
    WeightTurn turn,
    WinogradWeights winograd,
    RowOutputs outputs,
    NormSteps norms,
    WinogradTiles pixels) {
  /// The same with other products of linear maps.
  public MachineCode with(
      TileNumbers form, TileProduct product, RowHalves rows, StripHalves strips) {
    return new MachineCode(
        form, product, rows, scores, heads, lanes, strips, turn, winograd, outputs, norms, pixels);
  }
}
