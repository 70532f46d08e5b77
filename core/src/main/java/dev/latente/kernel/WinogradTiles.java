package dev.latente.kernel;

/// Transforms of pixels for [TiledWinograd], made with vectors of a processor.
public interface WinogradTiles {
  /// Makes `Bᵀ d B` of tiles of the input, and [Halves] of that.
  void input(Input job);

  /// Makes pixels of the output, `Aᵀ m A` and what is added.
  void output(Output job);

  /// Tiles of the input.
  ///
  /// @param pixels address of `[tiles, 36]` addresses of pixels, row by row
  /// @param tiles how many
  /// @param channels a multiple of 32
  /// @param to address of the first tile's first 32 high halves of the first point; those of the
  ///   next tile lie behind them, the next 32 twice `low` bytes apart
  /// @param low bytes from there to the low halves
  /// @param apart bytes from a point's to the next one's
  /// @param scratch address of [WinogradInputCode#SCRATCH] bytes
  record Input(long pixels, int tiles, int channels, long to, long low, long apart, long scratch) {}

  /// Tiles of the output.
  ///
  /// @param from address of the first point's numbers, `[tiles, channels]`
  /// @param apart bytes from a point's to the next one's
  /// @param pixels address of `[tiles, 33]` addresses: of the 16 pixels, row by row; of as many of
  ///   another map that is added to them; and of the bias
  /// @param tiles how many
  /// @param channels a multiple of 16
  /// @param plus whether there is another map
  record Output(long from, long apart, long pixels, int tiles, int channels, boolean plus) {}
}
