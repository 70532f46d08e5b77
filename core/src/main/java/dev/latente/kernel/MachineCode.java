package dev.latente.kernel;

/// What machine code of our own does, on processors that have what it needs.
///
/// @param product by [TileCode]
/// @param scores by [ScoreCode]
/// @param strips by [StripCode]
/// @param winograd by [WinogradCode]
public record MachineCode(
    TileProduct product, ScoreWeights scores, StripHalves strips, WinogradWeights winograd) {}
