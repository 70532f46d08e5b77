package dev.latente.kernel;

/// What machine code of our own does, on processors that have what it needs.
///
/// @param product by [TileCode]
/// @param rows by [RowCode]
/// @param scores by [ScoreCode]
/// @param strips by [StripCode]
/// @param winograd by [WinogradCode]
/// @param pixels by [WinogradInputCode] and [WinogradOutputCode]
public record MachineCode(
    TileProduct product,
    RowHalves rows,
    ScoreWeights scores,
    StripHalves strips,
    WinogradWeights winograd,
    WinogradTiles pixels) {}
