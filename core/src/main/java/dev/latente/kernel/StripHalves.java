package dev.latente.kernel;

import dev.latente.kernel.WeightMatrix.Format;

/// [Halves] of weights in strips, made with vectors of a processor.
public interface StripHalves {
  /// Splits weights of 16 columns.
  void split(Job job);

  /// Weights of `chunks · 32` channels, `[chunks, 32, taps, 16]`.
  ///
  /// @param format of the weights
  /// @param x address of the first
  /// @param chunks how many times 32 channels
  /// @param taps weights of a channel
  /// @param to address of a tile `[16, 16, 2]` of the first chunk's first tap: high halves
  /// @param low bytes from there to the low halves
  /// @param apart bytes from a tap's tile to the next one's, and from a chunk's last to the next
  ///   one's first
  record Job(Format format, long x, int chunks, int taps, long to, long low, long apart) {}
}
